/* The button that copies what is to be typed elsewhere; without script, or where the browser does not allow it, it stays hidden. */
(() => {
  "use strict";
  for (const button of document.querySelectorAll("[data-copies]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    const words = button.querySelector("[role=status]");
    const said = words.textContent;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent + "\n");
      words.textContent = button.dataset.copied;
      setTimeout(() => (words.textContent = said), 3000);
    });
  }
})();

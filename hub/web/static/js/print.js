/* The button that prints the page; without script it stays hidden. */
(() => {
  "use strict";
  for (const button of document.querySelectorAll("[data-prints]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
})();

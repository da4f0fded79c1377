/* Sends recordings with a progress bar that tells the truth; without this script the form sends itself. */
(() => {
  "use strict";

  const form = document.querySelector("[data-upload]");
  if (!form || !window.XMLHttpRequest || !window.FormData) return;
  const box = form.querySelector("[data-progress]");
  const bar = box.querySelector("progress");
  const words = box.querySelector("[data-progress-words]");
  const problem = form.querySelector("[data-upload-problem]");
  const button = form.querySelector("[type=submit]");
  let request = null;

  const busy = (yes) => {
    box.hidden = !yes;
    button.disabled = yes;
    if (!yes) request = null;
  };

  const failed = () => {
    busy(false);
    problem.textContent = form.dataset.failed;
    problem.hidden = false;
  };

  form.addEventListener("submit", (event) => {
    if (request || !form.elements.files.files.length) return; // an empty form: the hub says what is missing
    event.preventDefault();
    problem.hidden = true;
    request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Loa-By-Script", "upload"); // the page it leads to is for the person, who comes next
    request.upload.onprogress = (sent) => {
      if (!sent.lengthComputable) return;
      const percent = Math.floor((100 * sent.loaded) / sent.total);
      bar.value = percent;
      words.textContent = percent < 100 ? `${form.dataset.sending}: ${percent} %` : form.dataset.sentWords;
    };
    request.onload = () => {
      const type = request.getResponseHeader("Content-Type") || "";
      if (request.status < 300) {
        location.assign(request.responseURL); // where the hub led after storing
      } else if (request.status < 500 && type.startsWith("text/html")) {
        refused(request.responseText);
      } else {
        failed();
      }
    };
    request.onerror = failed;
    request.onabort = () => busy(false);
    bar.value = 0;
    words.textContent = form.dataset.sending;
    busy(true);
    request.send(new FormData(form));
  });

  box.querySelector("[data-abort]").addEventListener("click", () => request && request.abort());

  // Puts the hub's own words about what is wrong above the form, which keeps its files.
  const refused = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const summary = page.querySelector(".problems") || page.querySelector(".what");
    if (!summary) return failed();
    busy(false);
    document.querySelectorAll("main > .problems, main > .what").forEach((old) => old.remove());
    form.closest("section").before(summary);
    summary.tabIndex = -1;
    summary.focus();
  };

  addEventListener("beforeunload", (event) => {
    if (request && bar.value < 100) event.preventDefault();
  });
})();

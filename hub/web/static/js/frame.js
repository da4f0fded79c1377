/* What every page needs: the ticking clock, the stop dialog, the menu, and where the eye goes after an error. */
(() => {
  "use strict";

  const clock = document.querySelector("[data-clock]");
  if (clock) {
    // The server's time plus what has passed on this page; this device's own clock and zone are not believed.
    const written = clock.getAttribute("datetime");
    const offset = /([+-])(\d\d):(\d\d)$/.exec(written);
    const offsetMs = offset ? (offset[1] + 1) * (Number(offset[2]) * 60 + Number(offset[3])) * 60000 : 0;
    const [navigation] = performance.getEntriesByType("navigation");
    const atLoad = Number(clock.dataset.clock) - (navigation ? navigation.responseStart : 0);
    const hour = clock.querySelector("[data-clock-hour]");
    const tick = () => {
      const now = atLoad + performance.now();
      hour.textContent = new Date(now + offsetMs).toISOString().slice(11, 19);
      setTimeout(tick, 1000 - (now % 1000));
    };
    window.loaNow = () => ({ utcMs: atLoad + performance.now(), offsetMs });
    tick();
  }

  for (const opener of document.querySelectorAll("[data-opens]")) {
    const dialog = document.getElementById(opener.dataset.opens);
    if (!dialog || !dialog.showModal) continue;
    opener.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.showModal();
    });
  }
  for (const closer of document.querySelectorAll("[data-closes]")) {
    closer.addEventListener("click", () => document.getElementById(closer.dataset.closes).close());
  }

  for (const toggle of document.querySelectorAll("[data-toggles]")) {
    toggle.addEventListener("click", () => {
      const open = document.getElementById(toggle.dataset.toggles).classList.toggle("open");
      toggle.setAttribute("aria-expanded", String(open));
    });
  }

  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();

  // A form is sent once, however often it is pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 3000);
  });
})();

/* "+30 seconds" and the like, from the site's clock, never from this device's; and the chosen instant read back,
   since a date field may be written month first or day first as the device likes. */
(() => {
  "use strict";

  const date = document.getElementById("f-date");
  const time = document.getElementById("f-time");
  if (!date || !window.loaNow) return;
  const readback = document.querySelector("[data-readback]");
  const names = readback.dataset.weekdays.split("|");

  const readBack = () => {
    const day = /^(\d{4})-(\d\d)-(\d\d)$/.exec(date.value);
    readback.hidden = !day || !/^([01]?\d|2[0-3])([hg]|[:hg.][0-5]\d([:.][0-5]\d)?)$/i.test(time.value);
    if (readback.hidden) return;
    const name = names[(new Date(`${date.value}T00:00:00Z`).getUTCDay() + 6) % 7];
    readback.textContent = readback.dataset.readback.replace("#", `${time.value}, ${name}, ${day[3]}/${day[2]}/${day[1]}`);
  };
  date.addEventListener("input", readBack);
  time.addEventListener("input", readBack);
  readBack();

  for (const button of document.querySelectorAll("[data-soon-s]")) {
    button.addEventListener("click", () => {
      const { utcMs, offsetMs } = window.loaNow();
      const due = Math.ceil((utcMs + Number(button.dataset.soonS) * 1000) / 1000) * 1000;
      const local = new Date(due + offsetMs).toISOString();
      date.value = local.slice(0, 10);
      time.value = local.slice(11, 19);
      readBack();
    });
  }
  document.querySelectorAll("[data-needs-script]").forEach((each) => (each.hidden = false));
})();

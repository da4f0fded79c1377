/* Server-sent events become `loa:<name>` events on the body; htmx fetches the fragments that wait for them. */
(() => {
  "use strict";

  const address = document.body.dataset.events;
  if (!address || !window.EventSource) return;
  const lost = document.querySelector("[data-lost]");
  const names = ["plays", "nodes", "recordings", "orders", "faults", "bulletins", "schedules", "ratings", "cameras"];
  const RETRY_MS = 3000;
  const GRACE_MS = 5000; // the hub ends a stream now and then; the browser is back sooner than this
  let grace;

  const tell = (name) => document.body.dispatchEvent(new CustomEvent(`loa:${name}`));

  const connect = () => {
    const source = new EventSource(address);
    source.onopen = () => {
      clearTimeout(grace);
      grace = undefined;
      if (lost) lost.hidden = true;
      tell("again"); // what was missed since this page was made, or while the line was broken
    };
    source.onerror = () => {
      if (lost && !grace) grace = setTimeout(() => (lost.hidden = false), GRACE_MS);
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, RETRY_MS);
    };
    for (const name of names) source.addEventListener(name, () => tell(name));
    addEventListener("pagehide", () => source.close(), { once: true });
  };
  connect();

  // A page taken back from the browser's memory shows old figures.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
})();

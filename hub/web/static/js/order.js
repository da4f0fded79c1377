/* Up, down, remove and add in an ordered list of choices; without this script the places themselves are the order. */
(() => {
  "use strict";

  const list = document.querySelector("[data-places]");
  if (!list) return;
  const said = document.querySelector("[data-moved-words]");
  const places = () => [...list.querySelectorAll("[data-place]")];

  const renumber = () => {
    places().forEach((place, index) => {
      const label = place.querySelector("[data-place-label]");
      label.textContent = label.dataset.placeLabel.replace("#", index + 1);
    });
  };

  list.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    const place = button && button.closest("[data-place]");
    if (!place) return;
    if (button.dataset.move === "-1" && place.previousElementSibling) place.previousElementSibling.before(place);
    else if (button.dataset.move === "1" && place.nextElementSibling) place.nextElementSibling.after(place);
    else if ("remove" in button.dataset) {
      if (places().length === 1) place.querySelector("select").value = "";
      else place.remove();
      renumber();
      list.querySelector("select").focus();
      return;
    } else return;
    renumber();
    button.focus();
    said.textContent = list.dataset.moved.replace("#", places().indexOf(place) + 1);
  });

  document.querySelector("[data-add]").addEventListener("click", () => {
    const fresh = places()[0].cloneNode(true);
    const select = fresh.querySelector("select");
    const id = `f-recordings-new-${Date.now()}`;
    select.value = "";
    select.id = id;
    fresh.querySelector("label").htmlFor = id;
    list.append(fresh);
    renumber();
    select.focus();
  });

  document.querySelectorAll("[data-needs-script]").forEach((each) => (each.hidden = false));
})();

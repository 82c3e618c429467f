"use strict";
/* Walks through the places found in a document; without this file the list of places leads to them. */

const walk = document.querySelector(".walk");
const found = Array.from(document.querySelectorAll("mark.found[id]"));
const box = document.getElementById("find");

if (walk && found.length) {
  const said = walk.querySelector("[role=status]");
  const asked = box.value;
  let at = Math.max(found.findIndex((mark) => `#${mark.id}` === window.location.hash), 0);

  const show = (by) => {
    const to = at + by;
    // What follows the last place here stands in another part of the document.
    const elsewhere = to < 0 ? walk.dataset.before : to >= found.length && walk.dataset.after;
    if (elsewhere) { window.location.assign(elsewhere); return; }
    found[at].classList.remove("here");
    at = (to + found.length) % found.length;
    found[at].classList.add("here");
    found[at].scrollIntoView({ block: "center" });
    said.textContent = walk.dataset.found.replace("#", found[at].id.slice(2));
  };
  walk.hidden = false;
  for (const button of walk.querySelectorAll("button[data-by]")) {
    button.addEventListener("click", () => show(Number(button.dataset.by)));
  }
  box.form.addEventListener("submit", (event) => {
    if (box.value !== asked) return;
    event.preventDefault();
    show(1);
  });
  show(0);
}

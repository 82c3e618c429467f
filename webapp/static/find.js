"use strict";
/* Walks through the places found in a document; without this file the list of places leads to them. */

const tools = document.querySelector("div[data-found]");
const found = Array.from(document.querySelectorAll("mark.found[id]"));
const box = document.getElementById("find");

if (tools && found.length) {
  const said = tools.querySelector("[role=status]");
  const asked = box.value;
  let at = Math.max(found.findIndex((mark) => `#${mark.id}` === window.location.hash), 0);

  const show = (by) => {
    found[at].classList.remove("here");
    at = (at + by + found.length) % found.length;
    found[at].classList.add("here");
    found[at].scrollIntoView({ block: "center" });
    said.textContent = tools.dataset.found.replace("#", found[at].id.slice(2));
  };
  for (const button of tools.querySelectorAll("button[data-by]")) {
    button.hidden = false;
    button.addEventListener("click", () => show(Number(button.dataset.by)));
  }
  box.form.addEventListener("submit", (event) => {
    if (box.value !== asked) return;
    event.preventDefault();
    show(1);
  });
  show(0);
}

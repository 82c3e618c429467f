"use strict";
/* Keys for those who search all day: the page works without them, and the dialog behind "?" turns them off. */

const help = document.getElementById("keys");
const status = document.createElement("p");
status.className = "hidden";
status.setAttribute("role", "status");
document.body.append(status);

// Web Content Accessibility Guidelines 2.1.4: keys of one character can be turned off.
const OFF = "kb-keys-off";
function stored(change) {
  try { return change(window.localStorage); } catch { return null; }
}
const areOff = () => stored((kept) => kept.getItem(OFF)) === "1";

const hits = Array.from(document.querySelectorAll(".hit"));
const title = (hit) => hit.querySelector("h2 a");
const current = () => hits.findIndex((hit) => hit.contains(document.activeElement));

function step(by) {
  const match = document.querySelector(by > 0 ? "a.match-after" : "a.match-before");
  if (match) { match.click(); return true; }
  if (!hits.length) return false;
  const at = current();
  const to = at === -1 ? (by > 0 ? 0 : hits.length - 1) : Math.min(Math.max(at + by, 0), hits.length - 1);
  title(hits[to]).focus();
  hits[to].scrollIntoView({ block: "nearest" });
  return true;
}

async function copyCitation() {
  const shown = hits[Math.max(current(), 0)] ?? document.querySelector(".cited") ?? document.querySelector("main");
  const link = shown.querySelector("a.cite");
  if (!link) return;
  const answer = await fetch(`${link.pathname}.txt`);
  if (!answer.ok) return;
  await window.copyText((await answer.text()).trim());
  status.textContent = "";
  requestAnimationFrame(() => { status.textContent = help.dataset.copied; });
  link.classList.add("done");
  setTimeout(() => link.classList.remove("done"), 2000);
}

const deeds = {
  "/": () => {
    const box = document.getElementById("q") ?? document.getElementById("find");
    if (!box) return false;
    box.focus();
    box.select();
    return true;
  },
  j: () => step(1),
  k: () => step(-1),
  o: () => { const at = current(); if (at === -1) return false; title(hits[at]).click(); return true; },
  c: () => { copyCitation(); return true; },
  "?": () => { help.showModal(); return true; },
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable], dialog");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (areOff() && event.key !== "?") return;
  if (Object.hasOwn(deeds, event.key) && deeds[event.key]()) event.preventDefault();
});

const opener = document.getElementById("open-keys");
opener.hidden = false;
opener.addEventListener("click", () => help.showModal());
const toggle = document.getElementById("keys-on");
toggle.checked = !areOff();
toggle.addEventListener("change", () => {
  stored((kept) => (toggle.checked ? kept.removeItem(OFF) : kept.setItem(OFF, "1")));
});

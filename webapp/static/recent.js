"use strict";
/* Keeps the last questions in this browser, and nowhere else; the start page lists them, and forgets them. */

const KEPT = "kb-recent";
const MOST = 8;
const place = document.getElementById("recent");
const asked = document.querySelector("[data-asked]")?.dataset.asked.trim();

function load() {
  try {
    const kept = JSON.parse(window.localStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
  } catch { return []; }
}

if (asked && asked.length <= 200) {
  try {
    const kept = [asked, ...load().filter((one) => one !== asked)].slice(0, MOST);
    window.localStorage.setItem(KEPT, JSON.stringify(kept));
  } catch { /* A browser that keeps nothing still searches. */ }
}

if (place && load().length) {
  place.querySelector("ul").replaceChildren(...load().map((question) => {
    const entry = document.createElement("li");
    const link = document.createElement("a");
    const words = document.createElement("bdi");
    words.textContent = question;
    link.className = "pill";
    link.href = `${place.dataset.search}?${new URLSearchParams({ q: question })}`;
    link.append(words);
    entry.append(link);
    return entry;
  }));
  place.hidden = false;
  place.querySelector("button").addEventListener("click", () => {
    window.localStorage.removeItem(KEPT);
    place.hidden = true;
    document.getElementById("q").focus();
  });
}

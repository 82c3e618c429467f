"use strict";
/* Shows why a hit is there in its place, when asked; without this file the link is followed. */

async function tell(details) {
  const link = details.querySelector("a");
  if (!details.open || !link) return;
  try {
    const answer = await fetch(link.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const table = page.querySelector(".reasons table");
    if (answer.ok && table) link.replaceWith(table);
  } catch { /* The link stays, to be followed. */ }
}

for (const details of document.querySelectorAll("details.reasons")) {
  details.addEventListener("toggle", () => tell(details));
}

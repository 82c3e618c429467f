"use strict";
/* Turns the links that lead to a mark into buttons that mark at once; without this file the links are followed. */

const names = document.currentScript.dataset;

async function send(link, grade) {
  const headers = { Accept: "application/json" };
  // The token comes with a cookie, so neither is there before somebody marks.
  const asked = await fetch(link.href, { headers });
  if (!asked.ok) throw new Error(asked.statusText);
  const { csrf_token } = await asked.json();
  const answer = await fetch(link.href, { method: "POST", headers, body: new URLSearchParams({ grade, csrf_token }) });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.detail);
  return said.grade;
}

function show(group, said, grade) {
  for (const button of group.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.value === grade));
  }
  said.textContent = grade ? names.kept : names.taken;
}

function marking(link) {
  const group = document.createElement("span");
  group.className = "marks";
  group.role = "group";
  group.ariaLabel = names.legend;
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  for (const value of ["answers", "related", "wrong"]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.value = value;
    button.textContent = names[value];
    button.setAttribute("aria-pressed", String(link.dataset.grade === value));
    button.addEventListener("click", async () => {
      const again = button.getAttribute("aria-pressed") === "true";
      try {
        show(group, said, await send(link, again ? "none" : value));
      } catch (error) {
        said.textContent = error.message || names.failed;
      }
    });
    group.append(button, " ");
  }
  group.append(said);
  link.replaceWith(group);
}

for (const link of document.querySelectorAll("a.mark")) marking(link);

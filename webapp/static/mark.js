"use strict";
/* Turns the links that lead to a mark into buttons that mark at once; without this file the links are followed. */

const names = document.currentScript.dataset;

/* Returns the mark that is kept now, or why none is. */
async function send(link, grade) {
  const headers = { Accept: "application/json" };
  // The token comes with a cookie, so neither is there before somebody marks.
  const { csrf_token } = await (await fetch(link.href, { headers })).json();
  const answer = await fetch(link.href, { method: "POST", headers, body: new URLSearchParams({ grade, csrf_token }) });
  return answer.json();
}

function show(group, said, { grade, detail }) {
  if (grade === undefined) {
    said.textContent = detail ?? names.failed;
    return;
  }
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
      // What is no JSON is a page that says no: no cookies, or a server that has gone.
      show(group, said, await send(link, again ? "none" : value).catch(() => ({})));
    });
    group.append(button, " ");
  }
  group.append(said);
  link.replaceWith(group);
}

for (const link of document.querySelectorAll("a.mark")) marking(link);

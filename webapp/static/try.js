"use strict";
/* Shows the answer below the form that asked; without this file the browser opens it as a page. */

function address(form) {
  const query = new URLSearchParams();
  let path = form.dataset.path;
  for (const [name, value] of new FormData(form)) {
    if (path.includes(`{${name}}`)) path = path.replace(`{${name}}`, encodeURIComponent(value));
    else if (value) query.append(name, value);
  }
  return query.size ? `${path}?${query}` : path;
}

function place(form) {
  const shown = form.parentElement.querySelector("output") ?? document.createElement("output");
  shown.className = "answer";
  form.after(shown);
  return shown;
}

function line(kind, text) {
  const element = document.createElement(kind);
  element.textContent = text;
  return element;
}

async function attempt(form) {
  const posted = form.method === "post";
  const asked = posted ? form.action : address(form);
  const began = performance.now();
  const answer = await fetch(asked, posted ? { method: "POST", body: new FormData(form) } : {});
  const text = await answer.text();
  const took = Math.round(performance.now() - began);
  let shown = text;
  try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { /* not JSON: shown as it came */ }
  const body = line("pre", shown);
  body.tabIndex = 0;
  const where = posted ? `POST ${new URL(asked).pathname}` : `curl '${new URL(asked, location.href).href.replaceAll("'", "%27")}'`;
  place(form).replaceChildren(line("code", where), line("p", `${answer.status} ${answer.statusText} · ${took} ms`), body);
}

for (const form of document.querySelectorAll("form[data-try]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(form).catch((error) => place(form).replaceChildren(line("p", error.message)));
  });
}

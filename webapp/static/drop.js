"use strict";
/* Files that are dropped on any page are added to the library; without this file there is the page to add them. */
{
  const words = document.currentScript.dataset;
  const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  let list = null;

  function line(name) {
    if (!list) {
      const panel = document.createElement("section");
      panel.className = "dropped";
      panel.setAttribute("aria-label", words.legend);
      list = document.createElement("ul");
      list.setAttribute("role", "list");
      list.setAttribute("aria-live", "polite");
      const close = document.createElement("button");
      close.type = "button";
      close.className = "plain";
      close.textContent = words.close;
      close.addEventListener("click", () => { panel.remove(); list = null; });
      panel.append(list, close);
      document.body.append(panel);
    }
    const entry = document.createElement("li");
    const label = document.createElement("bdi");
    const said = document.createElement("span");
    label.textContent = name;
    entry.append(label, " ", said);
    list.append(entry);
    return said;
  }

  function fail(said, { reason, remedy }) {
    said.textContent = [reason, remedy].filter(Boolean).map((text) => text.replace(/\.?$/, ".")).join(" ");
    said.className = "failure";
  }

  /* Waits until a document can be found, or could not be read, and says so. */
  async function follow(said, id) {
    for (let wait = 0.5; ; wait = Math.min(wait * 1.3, 10)) {
      await pause(wait);
      const { found, state, error } = await (await fetch(`${words.documents}/${id}`)).json();
      if (found) said.textContent = words.found;
      if (state === "failed") fail(said, error);
      if (found || state === "failed") return;
    }
  }

  async function send(file, token) {
    const said = line(file.name);
    said.textContent = words.sending;
    const body = new FormData();
    const collection = new URLSearchParams(location.search).get("collection");
    if (collection && location.pathname === words.listing) body.append("collection", collection);
    body.append("file", file, file.name);
    try {
      const answer = await fetch(words.documents, { method: "POST", headers: { "X-CSRFToken": token }, body });
      const told = await answer.json();
      if (!answer.ok) return fail(said, told.error ?? { reason: told.detail, remedy: told.remedy });
      said.textContent = told.outcome === "unchanged" ? words.unchanged : words.reading;
      return follow(said, told.id);
    } catch {
      return fail(said, { reason: words.lost });
    }
  }

  document.addEventListener("dragover", (event) => { if (carriesFiles(event)) event.preventDefault(); });
  document.addEventListener("drop", async (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    const waiting = [...event.dataTransfer.files];
    const { csrf_token } = await (await fetch(words.token)).json();
    // Two at a time keep the line busy without taking the server from those who search.
    const next = async () => { while (waiting.length) await send(waiting.shift(), csrf_token); };
    next();
    next();
  });
}

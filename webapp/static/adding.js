"use strict";
/* Files that are dropped on any page, or chosen on the page to add them, are sent one by one, each with its progress,
   until it can be found or the reason why it cannot. Without this file the form sends them all at once. */
{
  const words = document.currentScript.dataset;
  const form = document.querySelector("form[data-upload]");
  const most = Number(words.most);
  const open = new Map(); // what is being read: the id of its document, and its line
  let panel = null;
  let waiting = [];
  let lanes = 0;
  let watched = false;
  let token = null; // one for all: two that are asked for at once come with two cookies, of which one is kept

  const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const made = (kind, name = "", text = "") => Object.assign(document.createElement(kind), { className: name, textContent: text });

  function place() {
    if (panel) return panel;
    const box = made("section", form ? "adding-here" : "dropped");
    const list = made("ul", "adding");
    const sum = made("p", "where");
    box.setAttribute("aria-label", words.legend);
    list.setAttribute("role", "list");
    sum.setAttribute("role", "status");
    const show = made("a", "shown", words.show);
    show.hidden = true;
    box.append(list, sum, show);
    if (!form) {
      const close = made("button", "plain", words.close);
      close.type = "button";
      close.addEventListener("click", () => { panel.box.remove(); panel = null; });
      box.append(close);
    }
    (form ? document.querySelector(".added") : document.body).append(box);
    panel = { box, list, sum, show, lines: [] };
    return panel;
  }

  function line(called) {
    // Signs that turn text about, as the pages that the server writes have none.
    const name = called.replace(/[\p{Cc}\p{Cf}]/gu, "");
    const entry = made("li");
    const bar = made("progress");
    const said = made("span", "fate", words.queued);
    bar.max = 1;
    bar.value = 0;
    bar.hidden = true;
    bar.setAttribute("aria-label", name);
    entry.append(made("bdi", "name", name), bar, said);
    place().list.append(entry);
    const kept = { entry, bar, said, found: false, failed: false };
    panel.lines.push(kept);
    return kept;
  }

  function count() {
    if (!panel) return;
    const all = panel.lines;
    if (!all.every((one) => one.found || one.failed)) { panel.sum.textContent = ""; panel.show.hidden = true; return; }
    const number = (test) => String(all.filter(test).length);
    panel.sum.textContent = words.soFar.replace("{all}", String(all.length))
      .replace("{found}", number((one) => one.found)).replace("{failed}", number((one) => one.failed));
    const found = all.filter((one) => one.id).slice(0, 100);
    if (!found.length) return;
    panel.show.href = `${words.shown}?${new URLSearchParams(found.map((one) => ["id", one.id]))}`;
    panel.show.hidden = false;
  }

  function fail(kept, why) {
    kept.said.textContent = why;
    kept.said.className = "failure";
    kept.failed = true;
    count();
  }

  function find(kept, id, address) {
    const link = made("a", "", words.found);
    link.href = address;
    kept.said.replaceChildren(link);
    kept.found = true;
    kept.id = id;
    count();
  }

  /* Asks for all that are being read at once, until each can be found or has failed. */
  async function watch() {
    if (watched) return;
    watched = true;
    for (let wait = 0.5; open.size; wait = Math.min(wait * 1.3, 5)) {
      await pause(wait);
      const query = new URLSearchParams([...open.keys()].slice(0, 50).map((id) => ["id", id]));
      const answer = await fetch(`${words.fates}?${query}`).then((got) => got.json()).catch(() => ({ documents: [] }));
      for (const { id, state, found, why, address } of answer.documents) {
        const kept = open.get(id);
        if (found) find(kept, id, address);
        else if (state === "failed") fail(kept, why);
        else continue;
        open.delete(id);
      }
    }
    watched = false;
  }

  /* Only XMLHttpRequest tells how much of a file has gone. */
  function post(file, name, kept, csrf) {
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      const body = new FormData();
      const listed = location.pathname === words.listing && new URLSearchParams(location.search).get("collection");
      body.append("collection", form?.elements.collection.value || listed || "");
      body.append("file", file, name);
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) kept.bar.value = event.loaded / event.total;
      });
      request.addEventListener("load", () => resolve(request));
      request.addEventListener("error", () => resolve(null));
      request.open("POST", words.send);
      request.setRequestHeader("X-CSRFToken", csrf);
      request.send(body);
    });
  }

  function asked() {
    token ??= fetch(words.token).then((got) => got.json()).then((told) => told.csrf_token);
    token.catch(() => { token = null; });
    return token;
  }

  async function send({ file, name, kept }) {
    kept.bar.hidden = false;
    kept.said.textContent = words.sending;
    let answer = null;
    try {
      let request = await post(file, name, kept, await asked());
      // The token may have run out since the page was opened.
      if (request?.status === 400) { token = null; request = await post(file, name, kept, await asked()); }
      if (request?.status === 413) { kept.bar.remove(); fail(kept, words.large); return; }
      answer = JSON.parse(request.responseText);
    } catch { /* The line is gone, or what answers is not ours. */ }
    kept.bar.hidden = true;
    if (!answer?.outcome) { offerAgain(file, name, kept); return; }
    if (answer.outcome === "failed") { fail(kept, answer.why); return; }
    kept.said.textContent = answer.outcome === "unchanged" ? words.unchanged : words.reading;
    if (answer.outcome === "unchanged") { kept.found = true; kept.id = answer.id; count(); return; }
    open.set(answer.id, kept);
    watch();
  }

  function offerAgain(file, name, kept) {
    fail(kept, words.lost);
    const again = made("button", "plain", words.again);
    again.type = "button";
    again.addEventListener("click", () => {
      kept.failed = false;
      kept.said.className = "fate";
      kept.bar.value = 0;
      add([{ file, name, kept }]);
    });
    kept.said.append(" ", again);
  }

  function add(files) {
    const names = new Set();
    for (const one of files) {
      one.kept ??= line(one.name);
      // Of two with one name, the other would take the place of the one at once.
      if (names.has(one.name)) fail(one.kept, words.twice);
      else if (one.file.size > most) fail(one.kept, words.large);
      else waiting.push(one);
      names.add(one.name);
    }
    // Two at a time keep the line busy without taking the server from those who search.
    while (lanes < 2 && waiting.length) { lanes += 1; lane(); }
  }

  async function lane() {
    while (waiting.length) await send(waiting.shift());
    lanes -= 1;
  }

  /* A folder that is dropped stands for the files in it, except for those that programs hide. */
  async function within(entry, path = "") {
    if (entry.isFile) {
      const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
      return [{ file, name: path + file.name }];
    }
    const reader = entry.createReader();
    const found = [];
    for (let some; (some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject))).length;) {
      for (const one of some) if (!one.name.startsWith(".")) found.push(...await within(one, `${path}${entry.name}/`));
    }
    return found;
  }

  async function dropped({ items, files }) {
    const entries = [...items].map((one) => one.webkitGetAsEntry?.());
    const plain = [...files].map((file) => ({ file, name: file.name }));
    if (!entries.some((entry) => entry?.isDirectory)) return plain;
    return (await Promise.all(entries.filter(Boolean).map((entry) => within(entry)))).flat();
  }

  const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const over = (is) => document.body.classList.toggle("over", is);
  document.addEventListener("dragover", (event) => { if (carriesFiles(event)) { event.preventDefault(); over(true); } });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) over(false); });
  document.addEventListener("drop", async (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    over(false);
    add(await dropped(event.dataTransfer));
  });
  form?.addEventListener("submit", (event) => {
    const { file } = form.elements;
    if (!file.files.length) return;
    event.preventDefault();
    add([...file.files].map((one) => ({ file: one, name: one.webkitRelativePath || one.name })));
    file.value = "";
  });
}

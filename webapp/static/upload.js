"use strict";
/* Sends each file by itself, with its own progress; without this file the form sends them all at once. */

const form = document.querySelector("form[data-upload]");
const files = form.elements.file;
const list = form.querySelector(".sending");
const drop = form.querySelector(".drop");

function line(name) {
  const entry = document.createElement("li");
  const label = document.createElement("bdi");
  const bar = document.createElement("progress");
  const said = document.createElement("span");
  label.textContent = name;
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", name);
  entry.append(label, " ", bar, " ", said);
  list.append(entry);
  return { bar, said };
}

function send(file) {
  return new Promise((resolve) => {
    const { bar, said } = line(file.webkitRelativePath || file.name);
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("collection", form.elements.collection.value);
    body.append("file", file, file.webkitRelativePath || file.name);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = event.loaded / event.total;
    });
    request.addEventListener("load", () => {
      bar.remove();
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { /* a proxy's page, not ours */ }
      if (request.status === 202) {
        said.textContent = answer.outcome === "unchanged" ? form.dataset.unchanged : form.dataset.sent;
      } else {
        const error = answer.error ?? { reason: answer.detail ?? request.statusText, remedy: answer.remedy ?? "" };
        said.textContent = `${error.reason}. ${error.remedy}`;
        said.className = "failure";
      }
      resolve();
    });
    request.addEventListener("error", () => {
      bar.remove();
      said.textContent = form.dataset.lost;
      said.className = "failure";
      resolve();
    });
    request.open("POST", form.dataset.upload);
    request.setRequestHeader("X-CSRFToken", form.elements.csrf_token.value);
    request.send(body);
  });
}

async function sendAll(chosen) {
  // Two at a time keep the line busy without taking the server from those who search.
  const waiting = [...chosen];
  const next = async () => { while (waiting.length) await send(waiting.shift()); };
  await Promise.all([next(), next()]);
}

form.addEventListener("submit", (event) => {
  if (!files.files.length) return;
  event.preventDefault();
  sendAll(files.files);
  files.value = "";
});
for (const kind of ["dragenter", "dragover"]) {
  form.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("over"); });
}
for (const kind of ["dragleave", "drop"]) {
  form.addEventListener(kind, () => drop.classList.remove("over"));
}
form.addEventListener("drop", (event) => {
  event.preventDefault();
  sendAll(event.dataTransfer.files);
});

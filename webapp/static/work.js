"use strict";
/* Keeps the page of work up to date while there is some; without this file the page loads itself again. */

const work = document.querySelector("[data-progress]");
const number = new Intl.NumberFormat(document.documentElement.lang);
const wasBusy = work.hasAttribute("data-busy");

function show(now) {
  for (const [state, count] of Object.entries(now.states)) {
    const place = document.querySelector(`[data-state="${state}"]`);
    if (place) place.textContent = number.format(count);
  }
  document.querySelector("[data-generation]").textContent = now.generation ?? "–";
  document.querySelector("[data-behind]").textContent = number.format(now.behind);
  for (const order of now.orders) {
    const bar = document.querySelector(`[data-order="${order.work}"] progress`);
    if (bar && order.total) { bar.max = order.total; bar.value = order.done; }
  }
  // What ended has a report, which the server writes.
  if (wasBusy && !now.busy) window.location.reload();
}

if (wasBusy) {
  const source = new EventSource(work.dataset.progress);
  source.addEventListener("message", (event) => show(JSON.parse(event.data)));
}

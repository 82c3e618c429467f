"use strict";
/* Keeps the page of work up to date while there is some; without this file the page loads itself again. */

const work = document.querySelector("[data-progress]");
const number = new Intl.NumberFormat(document.documentElement.lang);

function tell(place, said) {
  // Only what differs is written, as a screen reader says what is.
  if (place && place.textContent !== said) place.textContent = said;
}

function show(now) {
  // What ended has a report, which the server writes.
  if (!now.busy) { window.location.reload(); return; }
  for (const [state, count] of Object.entries(now.states)) {
    tell(document.querySelector(`[data-state="${state}"]`), number.format(count));
  }
  tell(document.querySelector("[data-said]"), now.said);
  tell(document.querySelector("[data-generation]"), String(now.generation ?? "–"));
  tell(document.querySelector("[data-behind]"), number.format(now.behind));
  for (const order of now.orders) {
    const place = document.querySelector(`[data-order="${order.work}"]`);
    tell(place?.querySelector("p"), order.said);
    const bar = place?.querySelector("progress");
    if (bar && order.total) { bar.max = order.total; bar.value = order.done; }
    if (place && !bar && order.state === "running") {
      const begun = document.createElement("progress");
      begun.setAttribute("aria-labelledby", `help-${order.work}`);
      place.append(begun);
    }
    if (bar && order.state !== "running") bar.remove();
  }
}

async function ask() {
  const answer = await fetch(work.dataset.asked).catch(() => null);
  if (answer?.ok) show(await answer.json());
}

if (work.hasAttribute("data-busy")) {
  const source = new EventSource(work.dataset.progress);
  source.addEventListener("message", (event) => show(JSON.parse(event.data)));
  // A proxy that lets no stream through ends it for good: then the page asks by itself.
  source.addEventListener("error", () => { if (source.readyState === EventSource.CLOSED) setInterval(ask, 3000); });
}

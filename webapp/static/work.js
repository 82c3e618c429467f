"use strict";
/* Keeps the page of work up to date while there is some; without this file the page loads itself again. */

const number = new Intl.NumberFormat(document.documentElement.lang);
const RENEWED = [".panels", "[aria-labelledby=failures]"];

function tell(place, said) {
  // Only what differs is written, as a screen reader says what is.
  if (place && place.textContent !== said) place.textContent = said;
}

function show(now) {
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

// What ended has a report, which the server writes. The rest of the page stays: what the reader was told just
// now, what is open, and the focus.
async function renew() {
  const address = new URL(window.location.href);
  address.searchParams.set("panels", "1");
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) { window.location.reload(); return; }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const name of RENEWED) {
    const [old, made] = [document.querySelector(name), fresh.querySelector(name)];
    const at = Array.from(old.querySelectorAll("a, button, summary, select")).indexOf(document.activeElement);
    const open = Array.from(old.querySelectorAll("details"), (one) => one.open);
    made.querySelectorAll("details").forEach((one, place) => { one.open = open[place] ?? false; });
    old.replaceWith(made);
    if (at >= 0) made.querySelectorAll("a, button, summary, select")[at]?.focus({ preventScroll: true });
  }
  watch();
}

function watch() {
  const work = document.querySelector("[data-progress]");
  if (!work.hasAttribute("data-busy")) return;
  const source = new EventSource(work.dataset.progress);
  let asking = 0;
  const hear = (now) => {
    show(now);
    if (now.busy) return;
    source.close();
    clearInterval(asking);
    asking = 0;
    renew();
  };
  const ask = async () => {
    const answer = await fetch(work.dataset.asked).catch(() => null);
    if (answer?.ok && asking) hear(await answer.json());
  };
  source.addEventListener("message", (event) => hear(JSON.parse(event.data)));
  // A proxy that lets no stream through ends it for good: then the page asks by itself.
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) asking ||= setInterval(ask, 3000);
  });
}

watch();

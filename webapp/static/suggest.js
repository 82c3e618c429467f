"use strict";
/* Offers titles, headings and words of the library while a question is typed; searching works without this file.
   A combobox with a list, as https://www.w3.org/WAI/ARIA/apg/patterns/combobox/ describes it. */

function offer(box) {
  const list = document.createElement("ul");
  const status = document.createElement("span");
  let asked = 0;
  let timer = 0;
  let typed = box.value;

  list.id = "suggestions";
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.dataset.suggestions);
  list.hidden = true;
  status.className = "hidden";
  status.setAttribute("role", "status");
  box.after(list);
  box.form.append(status);
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  box.setAttribute("aria-expanded", "false");

  const options = () => Array.from(list.children);
  const active = () => options().findIndex((option) => option.getAttribute("aria-selected") === "true");

  function close() {
    list.hidden = true;
    list.replaceChildren();
    status.textContent = "";
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  }

  function choose(number) {
    options().forEach((option, at) => option.setAttribute("aria-selected", String(at === number)));
    const option = options()[number];
    box.value = option ? option.textContent : typed;
    if (option) box.setAttribute("aria-activedescendant", option.id);
    else box.removeAttribute("aria-activedescendant");
  }

  function show(suggestions) {
    list.replaceChildren(...suggestions.map(({ text, kind }, at) => {
      const option = document.createElement("li");
      option.id = `suggestion-${at}`;
      option.className = kind;
      option.dir = "auto";
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.textContent = text;
      return option;
    }));
    list.hidden = suggestions.length === 0;
    box.setAttribute("aria-expanded", String(!list.hidden));
    box.removeAttribute("aria-activedescendant");
    status.textContent = list.hidden ? "" : box.dataset.found.replace("#", suggestions.length);
  }

  async function ask() {
    const number = ++asked;
    const parameters = new URLSearchParams({ q: typed });
    for (const field of box.form.querySelectorAll("input[name=collection]")) {
      parameters.append("collection", field.value);
    }
    try {
      const response = await fetch(`${box.dataset.suggest}?${parameters}`);
      const answer = response.ok ? await response.json() : { suggestions: [] };
      // Answers may overtake one another, and the box may have been left.
      if (number === asked && document.activeElement === box) show(answer.suggestions);
    } catch {
      close();
    }
  }

  box.addEventListener("input", () => {
    typed = box.value;
    clearTimeout(timer);
    if (typed.trim().length < 2) { asked += 1; close(); } else timer = setTimeout(ask, 120);
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    const last = options().length - 1;
    if (event.key === "ArrowDown") choose(active() === last ? -1 : active() + 1);
    else if (event.key === "ArrowUp") choose(active() === -1 ? last : active() - 1);
    else if (event.key === "Escape") { box.value = typed; close(); }
    else return;
    event.preventDefault();
  });
  // Pressed, not clicked: the click would come after the box has lost the focus.
  list.addEventListener("pointerdown", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    event.preventDefault();
    box.value = option.textContent;
    close();
    box.form.requestSubmit();
  });
  box.addEventListener("blur", () => { clearTimeout(timer); asked += 1; close(); });
}

const questionBox = document.querySelector("input[data-suggest]");
if (questionBox) offer(questionBox);

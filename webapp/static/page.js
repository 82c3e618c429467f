"use strict";
/* Everything works without this file; the buttons that copy are not shown without it. */

async function copy(text) {
  if (navigator.clipboard && window.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "hidden";
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

window.copyText = copy;

for (const button of document.querySelectorAll("button[data-copy], button[data-copy-of]")) {
  const label = button.innerHTML;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    await copy(button.dataset.copy ?? document.getElementById(button.dataset.copyOf).textContent);
    // As wide as before, so that nothing beside it moves.
    button.style.minWidth = `${button.getBoundingClientRect().width}px`;
    button.textContent = document.body.dataset.copied;
    setTimeout(() => { button.innerHTML = label; }, 2000);
  });
}

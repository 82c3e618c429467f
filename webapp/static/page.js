"use strict";
/* Everything works without this file; it adds buttons that copy links. */

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

const { copy: copyLabel, copied: copiedLabel } = document.body.dataset;
for (const link of document.querySelectorAll("a[data-link], [data-copied-text]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  const label = link.dataset.copiedText || copyLabel;
  button.textContent = label;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    await copy(link.dataset.link ?? link.textContent);
    button.textContent = copiedLabel;
    setTimeout(() => { button.textContent = label; }, 2000);
  });
  link.after(" ", button);
}

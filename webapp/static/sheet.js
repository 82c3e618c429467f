"use strict";
/* Brings the cited words into view, in the picture of the page and in its text; both can be scrolled without this file. */

for (const column of document.querySelectorAll(".facing > *")) {
  const marked = column.querySelector("rect, .cited");
  if (!marked) continue;
  const [inner, outer] = [marked.getBoundingClientRect(), column.getBoundingClientRect()];
  column.scrollBy({
    top: inner.bottom > outer.bottom ? inner.top - outer.top - outer.height / 4 : 0,
    left: inner.right > outer.right ? inner.left - outer.left - 24 : 0,
    behavior: "instant",
  });
}

"""Plain text and what stands in it: lines, lists, headings, footnotes, tables set with spaces or commas."""

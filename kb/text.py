"""How is text made canonical, so that offsets into it hold for ever?

Canonical text is Unicode NFC with ``\\n`` line ends, no control or invisible formatting characters that
could hide or reorder words, single spaces, and no white space at either end. It is made once, when a
document is read, and never edited after.
"""

from __future__ import annotations

import re
import unicodedata

# Line and paragraph separators of every system, and the page break, all end a line.
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
# Characters without width or meaning of their own: controls, soft hyphen, zero-width space, word joiner,
# byte order marks, and the bidirectional embeddings, overrides and isolates that can make a line read
# other than it is stored. Marks (U+200E, U+200F) and joiners (U+200C, U+200D) stay: scripts need them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]"
    "|[\ud800-\udfff]"
)
_ACCENTS = re.compile("[\u0300-\u034e\u0350-\u036f]+")
# Where marks other than those may stand: all above Latin and Greek but punctuation.
_RARE = re.compile("[\u0483-\u1fff\u2030-\U0010ffff]")
_SPACES = re.compile(r"[^\S\n]+")
_AROUND_NEWLINE = re.compile(r" ?\n ?")
_BLANK_LINES = re.compile(r"\n{3,}")
# One line of Latin letters and marks with single spaces between, as nearly every question is typed.
_IS_CANONICAL_LINE = re.compile("[!-~\u00a1-\u00ac\u00ae-\u00ff]+(?: [!-~\u00a1-\u00ac\u00ae-\u00ff]+)*")


def canonical(text: str) -> str:
    """Return prose in canonical form; applying it twice changes nothing.

    Runs of spaces become one space, spaces around line ends go, and at most one blank line stays.
    """
    text = _visible(text)
    text = _SPACES.sub(" ", text)
    text = _AROUND_NEWLINE.sub("\n", text)
    return _BLANK_LINES.sub("\n\n", text).strip()


def canonical_line(text: str) -> str:
    """Return prose in canonical form on one line: headings, titles, list items."""
    if _IS_CANONICAL_LINE.fullmatch(text):
        return text
    return " ".join(canonical(text).split())


def canonical_code(text: str) -> str:
    """Return preformatted text in canonical form: inner spaces stay, tabs become four spaces."""
    text = _visible(text).expandtabs(4)
    lines = [line.rstrip() for line in text.split("\n")]
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")


def _visible(text: str) -> str:
    text = _LINE_ENDS.sub("\n", text)
    text = _INVISIBLE.sub("", text)
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Return text in lower case without accents, for comparing: ``"Explotación"`` → ``"explotacion"``.

    ``ñ`` becomes ``n`` too: people type without either.
    """
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    if _RARE.search(decomposed) is None:
        return _ACCENTS.sub("", decomposed)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def normalised(text: str) -> str:
    """Return the form that decides whether two passages say the same: NFKC, case-folded, spaces squeezed."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())

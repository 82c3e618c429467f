"""What is a document called, so that a person recognises it in a list?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from kb.model import BlockKind
from kb.text import canonical_line

# How many blocks from the top may still hold the title.
OPENING = 12
LONGEST = 120
SHORTENED = 80

_HASH = re.compile(r"(?=[0-9a-f]*\d)[0-9a-f]{8,}|\d[\d_.-]*", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_TOKEN = re.compile(r"[^\W_]+", re.UNICODE)
_EMPTY_NAMES = frozenset(
    {"untitled", "document", "home", "homepage", "index", "inicio", "default", "readme", "new", "page"}
    | {"sin", "título", "titulo", "documento", "contents", "contenido", "contenidos", "índice"}
)
_SENTENCE_END = re.compile(r"[.!?…][\"”’')\]]*(?=\s+[\"“‘'(¿¡]?[A-ZÁÉÍÓÚÜÑ0-9])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Za-z]|Mr|Mrs|Ms|Dr|Dra|Sr|Sra|St|No|Nos|vs|etc|Inc|Art|Prof|Lic|Núm|Gov|Ave)|\.[A-Za-z])\.$"
)


def choose(stated: Sequence[str], opening: Sequence[tuple[BlockKind, int, str]], name: str) -> str:
    """Return the title: one that the format states, else from the first blocks, else from the file name.

    ``opening`` holds kind, level and canonical text of the first blocks. The title is one line of at most
    ``LONGEST`` characters, and empty only if nothing at all has words.
    """
    candidates = [canonical_line(title) for title in stated]
    candidates.append(_from_opening(opening))
    candidates.append(readable_name(name))
    for title in candidates:
        if _recognisable(title):
            return shorten(title, LONGEST)
    fallback = next((title for title in candidates if title), "")
    return shorten(fallback or (canonical_line(opening[0][2][:LONGEST]) if opening else ""), LONGEST)


def _from_opening(opening: Sequence[tuple[BlockKind, int, str]]) -> str:
    """Return the heading that the text starts with, else its first sentence.

    A heading further down names a part, not the whole: what stands first is what readers see and remember.
    """
    for position, (kind, _, text) in enumerate(opening):
        if kind is BlockKind.HEADING:
            following = opening[position + 1] if position + 1 < len(opening) else None
            return _with_second_line(text, following)
        if kind is BlockKind.CODE or not _recognisable(text[:LONGEST]):
            continue
        return shorten(first_sentence(text), SHORTENED)
    return ""


def _with_second_line(text: str, following: tuple[BlockKind, int, str] | None) -> str:
    """Return the heading, with the one right under it where it alone does not say what the text is.

    A letterhead in capitals names the house, the line under it the paper; ``Fact sheet:`` wants its subject.
    """
    if following is None or following[0] is not BlockKind.HEADING:
        return text.rstrip(":")
    unfinished = text.endswith((":", ",", "-", "–", "—", "&"))
    letterhead = text.isupper() and not following[2].isupper() and len(text) + len(following[2]) <= SHORTENED
    if unfinished:
        return f"{text} {following[2]}"
    return f"{text} – {following[2]}" if letterhead and len(following[2].split()) > 1 else text


def first_sentence(text: str) -> str:
    """Return the first sentence of a paragraph, for showing, not for splitting a text into sentences."""
    line = " ".join(text[:2000].split())
    for match in _SENTENCE_END.finditer(line):
        if not _ABBREVIATION.search(line[: match.end()]):
            return line[: match.end()]
    return line


def shorten(text: str, limit: int) -> str:
    """Return the text, cut and marked ``…`` if it has more than ``limit`` characters.

    It is cut at the end of a clause if that leaves more than half, else at the end of a word.
    """
    if len(text) <= limit:
        return text
    cut = text[:limit]
    clause = max(cut.rfind(mark) for mark in (", ", "; ", ": ", " – ", " — "))
    if clause > limit / 2:
        cut = cut[:clause]
    elif " " in cut:
        cut = cut[: cut.rindex(" ")]
    return cut[: limit - 1].rstrip(" ,;:.-–—(") + "…"


def readable_name(name: str) -> str:
    """Return a file name as words: ``"safety-plan_2024.txt"`` → ``"safety plan 2024"``; hashes go."""
    stem = PurePosixPath(name.replace("\\", "/")).name
    stem = re.sub(r"(?:\.[A-Za-z]{1,5}\d?)+$", "", stem) or stem
    words = [word for word in re.split(r"[\s_\-–.+]+|%20", _UUID.sub("", canonical_line(stem))) if word]
    kept = [word for word in words if not _looks_like_hash(word)]
    if not any(map(str.isalpha, "".join(kept))):
        return ""
    return " ".join(kept)


def _looks_like_hash(word: str) -> bool:
    return len(word) >= 8 and _HASH.fullmatch(word) is not None


def _recognisable(title: str) -> bool:
    """Return whether the words say more than a hash, a number or a program's default title."""
    words = [word for word in _TOKEN.findall(title) if not _HASH.fullmatch(word)]
    letters = sum(len(word) for word in words)
    return letters >= 3 and any(word.casefold() not in _EMPTY_NAMES for word in words)

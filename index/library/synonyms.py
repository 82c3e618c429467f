"""Which words did the people who run the library say mean the same? A plain text file that they edit.

    # a comment
    hotline = helpline, crisis line      who asks for a hotline is shown these too, not the other way round
    foster home, resource family         these all mean each other

The file is read again when it has changed; a line that cannot be used is reported and left out.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from index.library.contribution import plain_words

log = logging.getLogger("kb.index")

_LONGEST, _MOST_WORDS = 20_000, 6


@dataclass(frozen=True, slots=True)
class Read:
    """What a file says: for each word or words, without case and accents, others; and the faults in it."""

    others: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    faults: tuple[str, ...] = ()


class Synonyms:
    """The synonyms in a file, which need not be there. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._seen: tuple[int, int] | None = None
        self._read = Read()

    def current(self) -> Read:
        """Return what the file says now."""
        with self._lock:
            try:
                status = self.path.stat()
                seen: tuple[int, int] | None = (status.st_mtime_ns, status.st_size)
            except OSError:
                seen = None
            if seen != self._seen:
                self._seen = seen
                self._read = Read() if seen is None else _of_file(self.path)
                for fault in self._read.faults:
                    log.warning("%s: %s", self.path, fault)
            return self._read


def _of_file(path: Path) -> Read:
    try:
        return read(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        return Read(faults=(f"the file cannot be read: {error}",))


def read(text: str) -> Read:
    """Return what the lines of a file say."""
    others: dict[tuple[str, ...], dict[str, None]] = {}
    faults = []
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.split("#", 1)[0].strip()
        if not line:
            continue
        if number > _LONGEST:
            faults.append(f"line {number}: the file is too long; what follows is left out")
            break
        fault = _fault(line)
        if fault:
            faults.append(f"line {number}: {fault}")
            continue
        for word, other in _pairs(line):
            others.setdefault(tuple(plain_words(word)), {})[other] = None
    return Read({word: tuple(found) for word, found in others.items()}, tuple(faults))


def _fault(line: str) -> str | None:
    left, equals, right = line.partition("=")
    words = _listed(right if equals else left)
    every = [*words, left.strip()] if equals else words
    if "=" in right:
        return "there is more than one “=”"
    if not words or (not equals and len(words) < 2) or (equals and not left.strip()):
        return "there must be words on both sides of “=”, or two or more with commas between"
    if equals and "," in left:
        return "only one word may stand before “=”"
    if any(not plain_words(word) for word in every):
        return "a synonym has no letters"
    if any(len(plain_words(word)) > _MOST_WORDS for word in every):
        return f"a synonym has more than {_MOST_WORDS} words"
    return None


def _pairs(line: str) -> Iterator[tuple[str, str]]:
    left, equals, right = line.partition("=")
    if equals:
        for other in _listed(right):
            yield left.strip(), other
        return
    words = _listed(left)
    for word in words:
        for other in words:
            if other != word:
                yield word, other


def _listed(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]

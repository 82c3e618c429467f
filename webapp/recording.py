"""What is kept of the questions that are asked, and when is it written? Masked words, beside the answering.

A view hands a question over and goes on. A thread masks and counts what has come in and writes it every few
seconds. A catalog that cannot be written, for a while or at all, costs some counts and no answer.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from index.analysis import analyzer
from index.queryparser import FIELD_NAMES
from index.search import SearchService
from kb.catalog import Catalog
from kb.catalog.questions import LONGEST, Counted
from kb.errors import KBError
from kb.privacy import MASK, masked
from kb.text import fold

log = logging.getLogger("kb.questions")

# Seconds between two writings: so many questions share one.
_EVERY = 2.0
# Seconds that the end of the service waits for what is left to be written.
_LAST = 2.0
# Seconds in which the same question, narrowed or in another order, is taken for the same asking.
_SAME_ASKING = 1_800.0
# Questions in memory, unmasked and masked; beyond, new ones are not counted.
_MOST_WAITING, _MOST_COUNTED = 2_000, 5_000


@dataclass(frozen=True, slots=True)
class _Noted:
    question: str
    anew: bool
    at: float
    day: date
    total: int
    confidence: str


class Masking:
    """Makes of a question what may be kept of it, as the settings say."""

    def __init__(self, search: SearchService, *, others: bool) -> None:
        self._search = search
        self._others = others

    def kept(self, question: str) -> str:
        """Return a question masked; empty if nothing may be kept but that something was asked."""
        text = masked(question, is_known=self._is_known, others=self._others)
        return "" if text == MASK else text

    def _is_known(self, word: str) -> bool:
        return fold(word) in FIELD_NAMES or self._search.knows(word)


def same_words(text: str) -> str:
    """Return what questions of the same words share: their stems without small words, in order of letters.

    A word has the shorter of its stems in English and Spanish: the language of a few words is a guess, which
    their order must not change.
    """
    english, spanish = analyzer("en"), analyzer("es")
    terms: set[str] = set()
    small: set[str] = set()
    for token in english.tokens(text):
        if token.whole:
            continue
        word = text[token.start : token.end]
        stem = min((token.term, *spanish.terms(word)[:1]), key=lambda term: (len(term), term))
        tells_nothing = token.small or any(other.small for other in spanish.tokens(word))
        (small if tells_nothing else terms).add(stem)
    return " ".join(sorted(terms or small))[:LONGEST]


class Recorder:
    """Counts questions. Safe to share between threads."""

    def __init__(self, catalog: Catalog, keep: Callable[[str], str], *, every: float = _EVERY) -> None:
        self._catalog = catalog
        self._keep = keep
        self._every = every
        self._waiting: deque[_Noted] = deque()
        self._counted: dict[tuple[str, date], Counted] = {}
        self._asked_at: dict[str, float] = {}
        self._come, self._closing = threading.Event(), threading.Event()
        self._at_work = threading.Lock()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._failing = False

    def note(self, question: str, *, total: int, confidence: str, anew: bool = True) -> None:
        """Take note of a question and how it was answered; returns at once, and never fails.

        Not ``anew``: it may be one that was just asked, narrowed down, and counts if it was not.
        """
        if len(self._waiting) >= _MOST_WAITING or self._closing.is_set():
            return
        today = datetime.now(UTC).date()
        self._waiting.append(_Noted(question, anew, time.monotonic(), today, total, confidence))
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="questions", daemon=True)
                self._thread.start()
        self._come.set()

    def settle(self) -> bool:
        """Write what has been noted so far; tell whether that could be done. What could not is kept."""
        with self._at_work:
            self._count()
            if not self._counted:
                return True
            try:
                with self._catalog.writing(aside=True) as transaction:
                    transaction.questions.count(self._counted.values())
            except KBError as error:
                if not self._failing:
                    log.warning("questions are not counted now: %s", error)
                self._failing = True
                return False
            self._failing = False
            self._counted.clear()
            return True

    def close(self) -> None:
        """Write what is left, if that can be done soon."""
        self._closing.set()
        self._come.set()
        if self._thread is not None:
            self._thread.join(_LAST)

    def _run(self) -> None:
        while not self._closing.is_set():
            self._come.wait()
            self._closing.wait(self._every)
            self._come.clear()
            try:
                if not self.settle():
                    self._come.set()
            except Exception:
                log.exception("questions are not counted now")

    def _count(self) -> None:
        while self._waiting:
            noted = self._waiting.popleft()
            text = self._keep(noted.question)
            before = self._counted.get((text, noted.day))
            full = before is None and len(self._counted) >= _MOST_COUNTED
            if full or self._is_same_asking(noted, text):
                continue
            self._counted[text, noted.day] = Counted(
                text=text,
                words=same_words(text),
                day=noted.day,
                times=1 + (before.times if before else 0),
                total=noted.total,
                confidence=noted.confidence,
            )

    def _is_same_asking(self, noted: _Noted, text: str) -> bool:
        same = not noted.anew and noted.at - self._asked_at.get(text, -_SAME_ASKING) < _SAME_ASKING
        if len(self._asked_at) >= _MOST_COUNTED:
            self._asked_at.clear()
        self._asked_at[text] = noted.at
        return same

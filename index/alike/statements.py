"""What does a passage state, and what are its statements about? Its sentences with figures, taken apart.

A sentence about the same thing elsewhere shares its names and codes. By these such sentences are found
without taking apart all the passages that an answer looks at.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from index.alike.values import SMALL, Stated, has_value, stated
from index.library.leading import leading_headings
from index.wording import wording
from kb.model import Passage
from kb.text import fold

FEWEST_NAMES, NAMES_ACROSS = 2, 3
"""How many names two sentences share at least that are about the same thing, and in two languages."""

_WORD = re.compile(r"\w+")
# Every name begins with one of these, or has one in it that no other name has.
_OF_A_NAME = re.compile(r"(?<![^\W\d_])[^\W\d_a-z]|\d+")
_FIRST_WORD = re.compile(r"[^\W\d_a-z][^\W\d_]*(?=[ ,])")


@dataclass(frozen=True, slots=True)
class Names:
    """Names of a sentence with one figure that tell what it is about in any language, as they are written.

    ``code`` is one of them that has a figure itself, as few have that are not of one thing only.
    """

    every: str
    code: str


# An answer looks at the statements of few of its passages: those that are much alike, or name the same.
@functools.lru_cache(maxsize=1_000)
def named(passage: Passage) -> tuple[Stated, ...]:
    """Return the sentences of a passage with a figure and names enough to be told by, taken apart."""
    text, found = passage.text, []
    for span in _spans(passage):
        if _may_have_names(text, span) and has_value(text, span):
            said = stated(text, span, passage.language)
            if len(said.names) >= FEWEST_NAMES:
                found.append(said)
    return tuple(found)


@functools.lru_cache(maxsize=1_000)
def sentences(passage: Passage) -> tuple[Stated, ...]:
    """Take all sentences of a passage apart: only of passages that are much alike names are compared."""
    return tuple(stated(passage.text, span, passage.language) for span in _spans(passage))


def telling(passage: Passage) -> frozenset[frozenset[str]]:
    """Return the names that a passage must share that states the same: all of a sentence, or a code alone."""
    of_sentences = [frozenset(each.names) for each in named(passage)]
    codes = [frozenset((name,)) for names in of_sentences for name in names if is_code(name)]
    return frozenset((*of_sentences, *codes))


def telling_names(passage: Passage) -> Names | None:
    """Return the names of the first sentence that is about something which is told in any language."""
    for said in named(passage):
        codes = [place for name, place in said.names.items() if is_code(name)]
        if len(said.values) == 1 and len(said.names) >= NAMES_ACROSS and codes:
            every = " ".join(passage.text[slice(*place)] for place in said.names.values())
            return Names(every, passage.text[slice(*codes[0])])
    return None


def is_code(name: str) -> bool:
    """Tell whether a name has a figure in it."""
    return any(map(str.isdigit, name))


def plain(words: str) -> frozenset[str]:
    """Return the words of a name or heading without case and accents, but for small ones."""
    return frozenset(_WORD.findall(fold(words))) - SMALL


def _spans(passage: Passage) -> list[tuple[int, int]]:
    skip = leading_headings(passage)
    return [span for span in wording(passage.text, passage.language).sentences if span[0] >= skip]


def _may_have_names(text: str, span: tuple[int, int]) -> bool:
    """Tell whether a sentence has capitals and figures enough for its names: most need not be looked at."""
    most = len(_OF_A_NAME.findall(text, *span))
    first = _FIRST_WORD.match(text, *span)
    # Its first word has a capital in any case, and is no name unless it is all in capitals.
    return most - (first is not None and not first.group().isupper()) >= FEWEST_NAMES

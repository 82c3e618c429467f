"""Which terms stand in a text, where, and in which of its sentences? Taken apart once, and remembered.

An answer looks at each of its passages several times: for what to mark, for the sentence that answers, for
how sure it is. A text never changes, so what is found out about it stays true.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass

from index.analysis import analyzer
from kb.model import Passage
from kb.sentences import sentence_spans

Span = tuple[int, int]

# Passages of some hundred words take 8 KB each.
_REMEMBERED = 4_000


@dataclass(frozen=True, slots=True)
class Wording:
    """A text taken apart: its terms in order with their places, and the spans of its sentences.

    ``whole`` are the places among the terms of whole forms, whose parts are terms too.
    """

    terms: tuple[str, ...]
    starts: array[int]
    ends: array[int]
    whole: frozenset[int]
    sentences: tuple[Span, ...]

    def found(self, wanted: Set[str]) -> list[int]:
        """Return the places among the terms of some terms, in order."""
        if wanted.isdisjoint(self.terms):
            return []
        return [at for at, term in enumerate(self.terms) if term in wanted]

    def span(self, at: int) -> Span:
        """Return the characters of a term."""
        return self.starts[at], self.ends[at]

    def words(self) -> list[int]:
        """Return the places among the terms of those that follow one another: no whole forms."""
        return [at for at in range(len(self.terms)) if at not in self.whole]

    def by_sentence(self, *, without: Sequence[Span] = ()) -> Iterator[tuple[str, ...]]:
        """Yield the terms of each sentence; of what stands ``without``, its whole forms only."""
        left_out = {
            at
            for start, end in without
            for at in range(bisect_left(self.starts, start), bisect_left(self.starts, end))
            if at not in self.whole
        }
        for start, end in self.sentences:
            places = range(bisect_left(self.starts, start), bisect_left(self.starts, end))
            if left_out:
                yield tuple(self.terms[at] for at in places if at not in left_out)
            else:
                yield self.terms[places.start : places.stop]


# What gives each: a note gives the wording of its passage when it is first asked for.
_known: OrderedDict[tuple[str, str], Callable[[], Wording]] = OrderedDict()


def wording(text: str, language: str) -> Wording:
    """Return a text taken apart, as it is remembered or anew."""
    known = _known.get((text, language))
    if known is not None:
        return known()
    found = _taken_apart(text, language)
    _remember(text, language, lambda: found)
    return found


def remember(passage: Passage, give: Callable[[], Wording]) -> None:
    """Remember what gives the wording of a passage, which was worked out before."""
    _remember(passage.text, passage.language, give)


def _remember(text: str, language: str, give: Callable[[], Wording]) -> None:
    _known.pop((text, language), None)
    while len(_known) >= _REMEMBERED:
        _known.popitem(last=False)
    _known[text, language] = give


def _taken_apart(text: str, language: str) -> Wording:
    terms, starts, ends, whole = analyzer(language).placed(text)
    return Wording(
        tuple(terms),
        array("I", starts),
        array("I", ends),
        frozenset(whole),
        tuple(sentence_spans(text, language)),
    )

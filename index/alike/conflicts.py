"""Do two documents say the same thing with different figures, dates, telephone numbers or names?

Sentences are compared, of passages of different documents. They are about the same thing when the passages
are much alike and nearly all words of the sentences are the same, or when the sentences share several names
and codes and have no others. They are in conflict when then one value differs and nothing else that counts.
It is better to be silent than to cry wolf: rows of years, labels of sections and sentences with several
differences are no conflict.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.alike.fingerprint import NEARLY_FROM, at_most_alike, resemblance, runs_of
from index.alike.statements import FEWEST_NAMES, NAMES_ACROSS, is_code, named, plain, sentences
from index.alike.values import Kind, Stated, Value, may_have_phone
from index.notes import Note, note
from kb.model import Citation, Passage
from kb.text import fold

SAME_PLACE_FROM = 0.4
"""From which share of common runs of words on two passages are about the same thing."""
ALIKE_FROM, NAMED_ALIKE_FROM = 0.8, 0.55
"""From which share of common words on two sentences say the same but for a value: in passages about the same
thing, and elsewhere, where names must tell that it is the same."""
_FEWEST_WORDS = 4
_SAME_SUBJECT_FROM = 0.3
# What dates the document itself, or when somebody looked: no two documents need agree on it.
_OF_THE_DOCUMENT = frozenset(
    "updat revis publish print access retriev copyright visit version modifi effect actualiz public consult "
    "imprim vigent vigenci".split()
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of a passage, and the value in it that others contradict; offsets count in the passage."""

    citation: Citation
    sentence: tuple[int, int]
    value: tuple[int, int]

    @property
    def words(self) -> str:
        """Return the sentence."""
        return self.citation.passage.text[slice(*self.sentence)]

    @property
    def said(self) -> str:
        """Return the value as it stands there."""
        return self.citation.passage.text[slice(*self.value)]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Statements about the same thing with different values, the newest document first."""

    kind: Kind
    statements: tuple[Statement, ...]


def conflicts(citations: Sequence[Citation]) -> list[Conflict]:
    """Return the conflicts among passages, in the order of the passages; each pair of values once."""
    found: dict[tuple[Kind, frozenset[str]], dict[str, Statement]] = {}
    for one, two, most in _pairs(citations):
        same_language = one.passage.language == two.passage.language
        for kind, mine, other in _between(one, two, most=most) if same_language else _across(one, two):
            group = found.setdefault((kind, frozenset((fold(mine.said), fold(other.said)))), {})
            group.setdefault(mine.citation.passage.id, mine)
            group.setdefault(other.citation.passage.id, other)
    return [
        Conflict(kind, tuple(sorted(group.values(), key=lambda one: one.citation.day, reverse=True)))
        for (kind, _), group in found.items()
    ]


def _pairs(citations: Sequence[Citation]) -> Iterator[tuple[Citation, Citation, float]]:
    """Yield the passages of different documents that may be in conflict, and how much alike they are at most.

    Those are much alike, or have sentences with the same names, or in two languages share a code: of other
    pairs nothing can be compared.
    """
    notes = [note(citation.passage) for citation in citations]
    alike = at_most_alike([each.sketch for each in notes])
    told = _told(notes)
    for one, two in itertools.combinations(range(len(citations)), 2):
        if citations[one].source.id != citations[two].source.id and (
            alike[one, two] >= SAME_PLACE_FROM
            or (one, two, citations[one].passage.language == citations[two].passage.language) in told
        ):
            yield citations[one], citations[two], float(alike[one, two])


def _told(notes: Sequence[Note]) -> set[tuple[int, int, bool]]:
    """Return the pairs of passages that share all names of a sentence (True), or a code (False)."""
    named: dict[int, list[int]] = {}
    for at, each in enumerate(notes):
        for names in each.telling:
            named.setdefault(names, []).append(at)
    return {
        (*pair, names % 2 == 1)
        for names, places in named.items()
        for pair in itertools.combinations(places, 2)
    }


def say_the_same(one: Citation, two: Citation) -> bool:
    """Tell whether two passages say nearly the same, and all values and names in them are the same."""
    if resemblance(runs_of(one.passage), runs_of(two.passage)) < NEARLY_FROM:
        return False
    return _said(one.passage) == _said(two.passage)


def _said(passage: Passage) -> tuple[Counter[tuple[Kind, str]], frozenset[str]]:
    every = sentences(passage)
    values = Counter((value.kind, value.meaning) for each in every for value in each.values)
    return values, frozenset(name for each in every for name in each.names)


def _between(one: Citation, two: Citation, *, most: float) -> Iterator[tuple[Kind, Statement, Statement]]:
    same_subject = _overlap(_heading(one), _heading(two)) >= _SAME_SUBJECT_FROM
    enough = SAME_PLACE_FROM if same_subject else NEARLY_FROM
    same_place = most >= enough and resemblance(runs_of(one.passage), runs_of(two.passage)) >= enough
    if not (same_place or same_subject or _may_have_phones(one, two)):
        return
    taken_apart = sentences if same_place else named
    for said, contrary in itertools.product(taken_apart(one.passage), taken_apart(two.passage)):
        same_names = len(said.names) >= FEWEST_NAMES and said.names.keys() == contrary.names.keys()
        if not (same_place or same_names):
            continue
        found = _differing(said, contrary, NAMED_ALIKE_FROM if same_names else ALIKE_FROM)
        if found is None:
            continue
        kind, here, there = found
        if not (same_place or same_subject or kind is Kind.PHONE):
            continue
        told = (
            Statement(one, (said.start, said.end), here),
            Statement(two, (contrary.start, contrary.end), there),
        )
        # What a title or heading names is what the passage is about: the other is about another thing.
        if all(plain(each.said).isdisjoint(_subject(one) | _subject(two)) for each in told):
            yield kind, *told


def _may_have_phones(one: Citation, two: Citation) -> bool:
    """Tell whether telephone numbers may differ, which alone are compared under unlike headings."""
    return may_have_phone(one.passage.text) and may_have_phone(two.passage.text)


def _across(one: Citation, two: Citation) -> Iterator[tuple[Kind, Statement, Statement]]:
    """Yield what differs between passages of two languages, of which only names and codes can be compared.

    Several must be the same, one of them with a figure in it, and each sentence must have one number besides.
    """
    for said, contrary in itertools.product(named(one.passage), named(two.passage)):
        shared = said.names.keys() & contrary.names.keys()
        most = max(len(said.names), len(contrary.names))
        if len(shared) < NAMES_ACROSS or len(shared) < NAMED_ALIKE_FROM * most:
            continue
        if not (said.is_prose and contrary.is_prose and any(map(is_code, shared))):
            continue
        found = _one_value(list(said.values), list(contrary.values), (), beside=False)
        if found is not None and found[0] is Kind.NUMBER:
            yield (
                found[0],
                Statement(one, (said.start, said.end), found[1]),
                Statement(two, (contrary.start, contrary.end), found[2]),
            )


def _heading(citation: Citation) -> frozenset[str]:
    """Return the words of the deepest heading above a passage, or of the title if there is none."""
    headings = citation.passage.headings
    return plain(headings[-1] if headings else citation.document_title)


def _subject(citation: Citation) -> frozenset[str]:
    """Return the words of the title and all headings that a passage stands under."""
    return plain(" ".join((citation.document_title, *citation.passage.headings)))


def _overlap(one: frozenset[str], two: frozenset[str]) -> float:
    return len(one & two) / len(one | two) if one | two else 0.0


def _differing(
    mine: Stated, other: Stated, least: float
) -> tuple[Kind, tuple[int, int], tuple[int, int]] | None:
    """Return what differs between two sentences if it is one value, and where it stands in each."""
    if not (mine.is_prose and other.is_prose):
        return None
    if mine.names.keys() != other.names.keys():
        if mine.terms != other.terms or _only_in(mine.values, other.values):
            return None
        return None if _only_in(other.values, mine.values) else _one_name(mine, other)
    common = len(mine.terms & other.terms) + len(mine.names)
    either = len(mine.terms | other.terms) + len(mine.names)
    if common < _FEWEST_WORDS or common < least * either:
        return None
    own, others = _only_in(mine.values, other.values), _only_in(other.values, mine.values)
    return _one_value(own, others, mine.terms | other.terms)


def _one_value(
    own: list[Value], others: list[Value], terms: Iterable[str], *, beside: bool = True
) -> tuple[Kind, tuple[int, int], tuple[int, int]] | None:
    """Return the one value that differs; ``beside``: a number must stand beside the same term in both."""
    if len(own) != 1 or len(others) != 1:
        return None
    (one,), (two,) = own, others
    if (one.kind, one.unit) != (two.kind, two.unit) or one.meaning == two.meaning:
        return None
    if one.kind is Kind.DATE and not _OF_THE_DOCUMENT.isdisjoint(terms):
        return None
    if beside and one.kind is Kind.NUMBER and one.after != two.after and one.before != two.before:
        return None
    return one.kind, (one.start, one.end), (two.start, two.end)


def _one_name(mine: Stated, other: Stated) -> tuple[Kind, tuple[int, int], tuple[int, int]] | None:
    own = [place for name, place in mine.names.items() if name not in other.names]
    others = [place for name, place in other.names.items() if name not in mine.names]
    if not 0 < len(own) <= 3 or not 0 < len(others) <= 3:
        return None
    shared, differing = mine.names.keys() & other.names.keys(), mine.names.keys() ^ other.names.keys()
    if not shared or len(mine.terms) < _FEWEST_WORDS or not all(name.isalpha() for name in differing):
        return None
    return Kind.NAME, (own[0][0], own[-1][1]), (others[0][0], others[-1][1])


def _only_in(values: Sequence[Value], others: Sequence[Value]) -> list[Value]:
    """Return the values that are not among others, each as often as it is missing there."""
    left = Counter((value.kind, value.meaning, value.unit) for value in others)
    missing = []
    for value in values:
        key = (value.kind, value.meaning, value.unit)
        if left[key]:
            left[key] -= 1
        else:
            missing.append(value)
    return missing

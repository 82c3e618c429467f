"""Which hits say nearly the same, so that they take one place in the results?

Passages with the same words, and those that share most runs of words and all figures and names: a web page
and its PDF. A passage with another figure is no copy, and keeps its place. The newest is shown, the others
are named. What a place holds depends on the passages alone, never on how many hits were asked for, so pages
follow one another without gap or repeat.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from index.alike.conflicts import say_the_same
from index.alike.fingerprint import NEARLY_FROM, Sketch, may_resemble, resemblance, runs_of
from index.library.store import Library
from index.notes import look_up, note, sketches
from index.query import Order, Phrase, Query
from kb.catalog.memory import Proofs
from kb.model import Citation

# Candidates looked at for one passage: a text on thousands of pages must not stop a search.
_MOST = 40


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the results: the hit that earned it, what is shown, other copies, and what is much alike.

    ``copies`` are newest first, one for each document. ``alike`` say nearly the same but differ in a figure,
    a date or a name.
    """

    earned: Citation
    shown: Citation
    copies: tuple[Citation, ...]
    alike: tuple[Citation, ...]


def places(
    ranked: Sequence[Citation],
    proofs: Proofs,
    library: Library,
    *,
    most: int,
    may_show: Callable[[Citation], bool] | None,
) -> list[Place]:
    """Return the first places of ranked passages.

    ``may_show`` tells which copy may be shown for another; None: only the hit itself.
    """
    own = {citation.passage.id: note(citation.passage).sketch for citation in ranked}
    candidates = _candidates(own, library)
    known = {citation.passage.id: citation for citation in ranked}
    same_words = proofs.with_words_of([citation.text_hash for citation in ranked])
    wanted = _worth_reading(candidates, own, {*known, *same_words}, library)
    for citation in proofs.citations([passage_id for passage_id in wanted if passage_id not in known]):
        if citation.retired_at is None:
            known[citation.passage.id] = citation
    look_up([citation.passage for citation in known.values()], library)
    found: list[Place] = []
    taken: set[str] = set()
    taken_words: set[str] = set()
    for citation in ranked:
        if citation.passage.id in taken or citation.text_hash in taken_words:
            continue
        others = [known[other] for other in candidates.get(citation.passage.id, ()) if other in known]
        near = [other for other in others if _is_near(citation, other)]
        copies = [other for other in near if _is_copy(citation, other)]
        alike = [other for other in near if other not in copies and _is_alike(citation, other)]
        taken |= {citation.passage.id, *(copy.passage.id for copy in copies)}
        taken_words |= {citation.text_hash, *(copy.text_hash for copy in copies)}
        found.append(_place(citation, copies, alike=alike, may_show=may_show))
        if len(found) == most:
            break
    return _with_exact(found, proofs)


def _candidates(own: Mapping[str, Sketch], library: Library) -> dict[str, list[str]]:
    """Return for each passage those that share a key with it; none for most, of which no key is shared."""
    among = ", ".join("?" * len(own))
    sharing = f"SELECT id FROM passages JOIN sharing USING (number) WHERE id IN ({among})"
    found: dict[str, list[str]] = {}
    for (passage_id,) in library.rows(sharing, list(own)) if own else ():
        keys = own[passage_id].keys
        query = (
            f"SELECT DISTINCT id FROM alike JOIN passages USING (number) "
            f"WHERE key IN ({', '.join('?' * len(keys))}) AND id <> ? LIMIT {_MOST}"
        )
        found[passage_id] = sorted(row[0] for row in library.rows(query, (*keys, passage_id)))
    return found


def _worth_reading(
    candidates: Mapping[str, Sequence[str]], own: Mapping[str, Sketch], sure: Set[str], library: Library
) -> list[str]:
    """Return the candidates that are ``sure`` to be looked at, or may say nearly the same by their sketches.

    Nineteen of twenty need not be read with all their proof.
    """
    listed = {other for others in candidates.values() for other in others}
    known = sketches(listed - sure, library)
    return [
        other
        for passage_id, others in candidates.items()
        for other in others
        if other not in known or may_resemble(own[passage_id], known[other]) >= NEARLY_FROM
    ]


def _is_near(one: Citation, other: Citation) -> bool:
    """Tell whether two passages may have the same words, or nearly: most with a key in common have not."""
    if one.text_hash == other.text_hash:
        return True
    return may_resemble(note(one.passage).sketch, note(other.passage).sketch) >= NEARLY_FROM


def _is_copy(one: Citation, other: Citation) -> bool:
    return one.text_hash == other.text_hash or (
        one.source.id != other.source.id
        and one.passage.language == other.passage.language
        and say_the_same(one, other)
    )


def _is_alike(one: Citation, other: Citation) -> bool:
    return (
        one.source.id != other.source.id
        and resemblance(runs_of(one.passage), runs_of(other.passage)) >= NEARLY_FROM
    )


def _place(
    earned: Citation,
    copies: Iterable[Citation],
    *,
    alike: Iterable[Citation],
    may_show: Callable[[Citation], bool] | None,
) -> Place:
    shown = earned
    if may_show is not None:
        fit = [copy for copy in copies if may_show(copy)]
        # Of copies of one day the one that ranked first is shown.
        shown = max([earned, *fit], key=lambda copy: copy.day)
    return Place(earned, shown, tuple(copies), tuple(alike))


def _with_exact(found: Sequence[Place], proofs: Proofs) -> list[Place]:
    """Return the places with all copies of the same words, also those that no key was looked up for."""
    known = {copy.passage.id: copy for place in found for copy in (place.earned, *place.copies)}
    same_words = proofs.with_words_of({copy.text_hash for copy in known.values()})
    missing = [passage_id for passage_id in same_words if passage_id not in known]
    known |= {copy.passage.id: copy for copy in proofs.citations(missing)}
    by_hash: dict[str, list[Citation]] = {}
    for passage_id, text_hash in same_words.items():
        if passage_id in known:
            by_hash.setdefault(text_hash, []).append(known[passage_id])
    complete = []
    for place in found:
        every = {copy.passage.id: copy for copy in (place.earned, *place.copies)}
        for text_hash in {copy.text_hash for copy in every.values()}:
            every |= {copy.passage.id: copy for copy in by_hash.get(text_hash, ())}
        newest = sorted(every.values(), key=lambda copy: (-copy.day.toordinal(), copy.passage.id))
        by_source: dict[str, Citation] = {}
        for copy in newest:
            if copy.source.id != place.shown.source.id:
                by_source.setdefault(copy.source.id, copy)
        complete.append(Place(place.earned, place.shown, tuple(by_source.values()), place.alike))
    return complete


def showable(query: Query) -> Callable[[Citation], bool] | None:
    """Return which copies may be shown in the place of a hit: those that the filters let through.

    None where a copy need not meet what the question demands, or where hits are in order of their days.
    """
    demands = any(isinstance(clause, Phrase) or clause.required for clause in query.clauses)
    if demands or query.refused or query.order is not Order.RELEVANCE:
        return None

    def passes(citation: Citation) -> bool:
        day = citation.day.isoformat()
        return (
            (not query.collections or citation.source.collection in query.collections)
            and (not query.languages or citation.passage.language in query.languages)
            and (not query.source_ids or citation.source.id in query.source_ids)
            and (not query.media_types or citation.revision.media_type in query.media_types)
            and (not query.since or day >= query.since)
            and (not query.until or day <= query.until)
        )

    return passes

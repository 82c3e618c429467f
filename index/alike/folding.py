"""Which hits say nearly the same, so that they take one place in the results?

Passages with the same words, and those that share most runs of words and all figures and names: a web page
and its PDF. A passage with another figure is no copy, and keeps its place. The newest is shown, the others
are named. What a place holds depends on the passages alone, never on how many hits were asked for, so pages
follow one another without gap or repeat.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from index.alike.conflicts import say_the_same
from index.alike.fingerprint import NEARLY_FROM, may_resemble, resemblance, runs_of
from index.library.store import Library
from index.notes import look_up, note, sketches
from index.query import Order, Phrase, Query
from kb.catalog.memory import Proofs
from kb.model import Citation, Passage

# Candidates looked at for one passage: a text on thousands of pages must not stop a search.
_MOST = 40
# Passages whose likeness to others is remembered, with the ids of 40 others at most.
_REMEMBERED = 4_000


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
    known = {citation.passage.id: citation for citation in ranked}
    others_of = _sharing([citation.passage for citation in ranked], library)
    same_words = proofs.with_words_of([citation.text_hash for citation in ranked])
    wanted = [
        other
        for each in others_of.values()
        for other in (*each.near, *(other for other in each.every if other in same_words))
    ]
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
        others = [known[other] for other in others_of[citation.passage.id].every if other in known]
        near = [other for other in others if _is_near(citation, other)]
        copies = [other for other in near if _is_copy(citation, other)]
        alike = [other for other in near if other not in copies and _is_alike(citation, other)]
        taken |= {citation.passage.id, *(copy.passage.id for copy in copies)}
        taken_words |= {citation.text_hash, *(copy.text_hash for copy in copies)}
        found.append(_place(citation, copies, alike=alike, may_show=may_show))
        if len(found) == most:
            break
    return _with_exact(found, proofs)


@dataclass(frozen=True, slots=True)
class _Others:
    """The passages that share a key with one, and those of them that may say nearly the same by their notes.

    Nineteen of twenty may not, and need not be read with all their proof.
    """

    every: tuple[str, ...] = ()
    near: tuple[str, ...] = ()


def _sharing(passages: Sequence[Passage], library: Library) -> dict[str, _Others]:
    """Return for each passage those that share a key with it; none for most, of which no key is shared."""
    known = library.remembered("sharing")
    found = {passage.id: known.get(passage.id) for passage in passages}
    missing = [passage for passage in passages if found[passage.id] is None]
    if missing:
        among = ", ".join("?" * len(missing))
        query = f"SELECT id FROM passages JOIN sharing USING (number) WHERE id IN ({among})"
        sharing = {row[0] for row in library.rows(query, [passage.id for passage in missing])}
        newly = {
            passage.id: _others(passage, library) if passage.id in sharing else _Others()
            for passage in missing
        }
        if len(newly) <= _REMEMBERED:
            if len(known) + len(newly) > _REMEMBERED:
                known.clear()
            known.update(newly)
        found.update(newly)
    return {passage_id: others for passage_id, others in found.items() if others is not None}


def _others(passage: Passage, library: Library) -> _Others:
    own = note(passage).sketch
    query = (
        f"SELECT DISTINCT id FROM alike JOIN passages USING (number) "
        f"WHERE key IN ({', '.join('?' * len(own.keys))}) AND id <> ? LIMIT {_MOST}"
    )
    every = sorted(row[0] for row in library.rows(query, (*own.keys, passage.id)))
    noted = sketches(every, library)
    near = [other for other in every if other not in noted or may_resemble(own, noted[other]) >= NEARLY_FROM]
    return _Others(tuple(every), tuple(near))


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

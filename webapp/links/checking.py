"""Do the links in a memo or page still lead to the words that were cited? For each: same, moved, changed …"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from kb.catalog import Catalog, Transaction
from kb.errors import PassageUnknown
from kb.model import Citation
from webapp.links.finding import written_in
from webapp.links.standing import Standing, StandingKind, standing


class Found(StrEnum):
    """What became of a link."""

    SAME = "same"
    MOVED = "moved"
    CHANGED = "changed"
    REMOVED = "removed"
    UNKNOWN = "unknown"


_OF_STANDING = {
    StandingKind.CURRENT: Found.SAME,
    StandingKind.MOVED: Found.MOVED,
    StandingKind.CHANGED: Found.CHANGED,
    StandingKind.REMOVED: Found.REMOVED,
}


@dataclass(frozen=True, slots=True)
class Link:
    """One passage that a file links to. ``citation`` is None for a link that leads to no passage."""

    passage_id: str
    found: Found
    citation: Citation | None = None
    standing: Standing | None = None


def check_links(texts: Iterable[str], catalog: Catalog, *, hosts: Collection[str] = ()) -> list[Link]:
    """Return what became of each passage that some texts link to, in the order of their first links.

    ``hosts`` are the names that this knowledge base is asked for by. A link to any other host counts when its
    id is one of ours: ids are made of words, so no other library has it by chance.
    """
    links: dict[str, Link] = {}
    with catalog.reading() as transaction:
        for written in written_in(texts):
            link = links.get(written.passage_id) or _checked(transaction, written.passage_id)
            if link.found is not Found.UNKNOWN or written.is_ours(hosts):
                links.setdefault(written.passage_id, link)
    return list(links.values())


def _checked(transaction: Transaction, passage_id: str) -> Link:
    try:
        citation = transaction.passages.citation(passage_id)
    except PassageUnknown:
        return Link(passage_id, Found.UNKNOWN)
    now = standing(transaction, citation)
    return Link(passage_id, _OF_STANDING[now.kind], citation, now)


def corrections(links: list[Link], *, changed: bool = False) -> dict[str, str]:
    """Return the new id for each link whose words moved, and, if asked, for those whose words changed."""
    wanted = {Found.MOVED, Found.CHANGED} if changed else {Found.MOVED}
    return {
        link.passage_id: link.standing.now.id
        for link in links
        if link.found in wanted and link.standing is not None and link.standing.now is not None
    }

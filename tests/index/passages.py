"""Small passages about invented services, for the tests of this folder."""

from __future__ import annotations

from index.engine import IndexedPassage


def passage(passage_id: str, text: str, **values: object) -> IndexedPassage:
    """Return a passage of an English web page; ``values`` replace any of its fields."""
    fields: dict[str, object] = {
        "title": "",
        "headings": (),
        "language": "en",
        "collection": "guides",
        "source_id": "source-1",
        "media_type": "text/html",
    }
    return IndexedPassage(id=passage_id, text=text, **(fields | values))  # type: ignore[arg-type]


SHELTER = passage(
    "p-shelter",
    "A night shelter takes young people at any hour. Call (555) 010-4477 before you come.",
    title="Night shelters",
    headings=("Where to sleep", "For minors"),
)
BUS = passage(
    "p-bus",
    "The bus to the shelter is free for minors. Section 12.40(c) names the stops.",
    title="Getting around",
    source_id="source-2",
    collection="transport",
)
REFUGIO = passage(
    "p-refugio",
    "El refugio recibe a niños y a víctimas de explotación laboral a cualquier hora.",
    title="Refugios nocturnos",
    language="es",
    source_id="source-3",
    media_type="text/markdown",
)
FOOD = passage(
    "p-food", "Hot meals for young people, every day but Sunday.", title="Food", media_type="text/plain"
)
ALL = (SHELTER, BUS, REFUGIO, FOOD)

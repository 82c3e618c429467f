"""An index is asked for what is known to be in it; letters from one template answer for one another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from index.engine import Engine
from index.known import faults
from index.rebuild import rebuild
from tests.library import services_at, take_in
from webapp.wiring import Services

SAME = "The room is cleaned every morning before the children come down, and its windows stay open."
WORDS = ["lamp", "bench", "heron", "cellar", "ladder", "violet", "kitchen", "bicycle", "county", "supper"]


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    services = services_at(tmp_path / "home")
    yield services
    services.close()


def shelve(services: Services, folder: Path, texts: list[str]) -> None:
    folder.mkdir()
    for number, text in enumerate(texts):
        (folder / f"{number}.md").write_text(text, encoding="utf-8")
    take_in(services, folder)


@pytest.mark.parametrize(
    "text", [f"# Room {{number}}\n\n{SAME}", f"# Rooms\n\n{SAME} Ask {{letter}} for the key."]
)
def test_many_passages_that_say_the_same_are_no_fault(services: Services, tmp_path: Path, text: str) -> None:
    texts = [text.format(number=number, letter="abcdefghij"[number % 10]) for number in range(60)]
    shelve(services, tmp_path / "rooms", texts)
    before = services.generations.live()
    assert rebuild(services.catalog, services.generations, wait=5) != before


def test_an_index_that_answers_with_others_is_at_fault(services: Services, tmp_path: Path) -> None:
    texts = [f"# {a} {b}\n\nThe {a} stands by the {b} all day." for a in WORDS for b in WORDS if a < b]
    shelve(services, tmp_path / "house", texts)
    engine = services.live.engine()[0]

    def worst(query: Any, *, limit: int, **more: Any) -> Any:
        found = engine.search(query, limit=10_000, **more)
        return SimpleNamespace(hits=found.hits if query.source_ids else found.hits[-limit:])

    wrong = SimpleNamespace(sequence=engine.sequence, weights=engine.weights, search=worst)
    assert faults(services.catalog, engine) == []
    (said,) = faults(services.catalog, cast(Engine, wrong))
    assert "asked for by their own words" in said

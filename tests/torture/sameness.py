"""What must be the same after a deed that was killed and done again as after an unbroken one?"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from index.engine import Engine
from index.engines import ENGINES, open_engine
from index.queryparser import parse
from index.sync import catch_up
from index.verify import verify
from kb.errors import SearchIndexError
from kb.model import SourceState
from tests.library import services_at
from tests.torture.places import Place
from webapp.wiring import Services

QUESTIONS = ("duty desk at night", "visits on monday", "swimming lessons")


def state_of(home: Path, *, versions: bool = True) -> str:
    """Return all that must be the same, as JSON: documents, passages with their words, answers.

    With ``versions`` also how many of each document there are: what heals may read a document once more. The
    answers are those of every engine there is, the one that keeps nothing filled anew from the catalog.
    """
    services = services_at(home)
    with services.catalog.reading() as transaction:
        sources = [[one.id, one.place, one.state.value, one.title] for one in transaction.sources.all()]
        live = sorted(transaction.passages.live_ids())
        words = [[one.passage.id, one.passage.text] for one in transaction.passages.citations(live)]
        changes = transaction.passages.changes_since(0, limit=10_000)
        retired = sorted(change.passage.id for change in changes if change.retired)
        every = transaction.sources.all(states=SourceState)
        counts = [len(transaction.documents.versions(source.id)) for source in every] if versions else []
    answers = [answers_to(services, question) for question in QUESTIONS]
    ranked = [list(map(ranking_of(engine), QUESTIONS)) for engine in engines(services)]
    services.close()
    stored = sorted(path.name for path in (home / "blobs").glob("*/*") if not path.name.startswith("."))
    assert all(each == ranked[0] for each in ranked), "the engines do not agree"
    return json.dumps(
        [sources, words, retired, counts, stored, answers, ranked], ensure_ascii=False, indent=0
    )


def answers_to(services: Services, question: str) -> list[tuple[str, float]]:
    """Return the passages that answer a question, with their scores."""
    found = services.search.search(question)
    return [(hit.citation.passage.id, round(hit.score, 9)) for hit in found.hits]


def engines(services: Services) -> list[Engine]:
    """Return the live engine, and one of each other kind, filled from the catalog."""
    found = [services.live.engine()[0]]
    for name in ENGINES[1:]:
        engine = open_engine(name, services.settings.home)
        catch_up(services.catalog, engine)
        found.append(engine)
    return found


def ranking_of(engine: Engine) -> Callable[[str], list[tuple[str, float]]]:
    """Return what ranks passages for a question by an engine."""

    def ranking(question: str) -> list[tuple[str, float]]:
        return [(hit.passage_id, round(hit.score, 6)) for hit in engine.search(parse(question)).hits]

    return ranking


def is_searchable(home: Path) -> bool:
    """Tell whether there is an index that answers."""
    if not home.exists():
        return False
    services = services_at(home)
    try:
        services.search.search(QUESTIONS[0])
    except SearchIndexError:
        return False
    finally:
        services.close()
    return True


def lost(place: Place) -> list[str]:
    """Return the sources that were accepted and are not served, or whose passages are not in the index."""
    services = services_at(place.home)
    held = set(services.live.engine()[0].ids()) if place.accepted() else set()
    missing = []
    with services.catalog.reading() as transaction:
        for source_id in sorted(place.accepted()):
            source = transaction.sources.find(source_id)
            passages = {passage.id for passage in transaction.passages.of_source(source_id)}
            if source is None or source.state is not SourceState.READY or not passages or passages - held:
                missing.append(source_id)
    services.close()
    return missing


def faults_of(home: Path) -> list[str]:
    """Return what `kb verify` finds."""
    services = services_at(home)
    faults = verify(services.catalog, services.blobs, services.generations)
    services.close()
    return [fault.text for fault in faults]

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.ranking.confidence import Confidence
from kb.languages import detect
from kb.model import OutcomeKind, Passage, SourceState
from tests.library import take_in
from tests.quality.floors import below_floors
from tests.quality.measure import ROOT, measure_sample, sample_library
from webapp.wiring import Services


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    services = sample_library(tmp_path_factory.mktemp("sample"))
    yield services
    services.close()


@pytest.fixture(scope="module")
def passages(library: Services) -> list[Passage]:
    with library.catalog.reading() as transaction:
        return [p for source in transaction.sources.all() for p in transaction.passages.of_source(source.id)]


def test_every_sample_document_is_read(library: Services) -> None:
    files = [path for path in (ROOT / "sample").rglob("*") if path.is_file()]
    with library.catalog.reading() as transaction:
        assert transaction.sources.states() == {SourceState.READY: len(files)}
    assert {outcome.kind for outcome in take_in(library, ROOT / "sample")} == {OutcomeKind.UNCHANGED}


def test_the_answers_are_as_good_as_they_were(library: Services) -> None:
    assert below_floors(measure_sample(library).as_json(), "sample") == []


def test_no_passage_is_a_lone_heading_or_a_page_number(passages: list[Passage]) -> None:
    for passage in passages:
        body = passage.text.split("\n\n")[-1]
        assert passage.text not in passage.headings
        assert any(char.isalpha() for char in body), passage.text
        assert len(passage.text.split()) > 3, passage.text


def test_no_passage_mixes_two_languages(passages: list[Passage]) -> None:
    for passage in passages:
        long_lines = [line for line in passage.text.split("\n") if len(line.split()) >= 12]
        assert {detect(line) for line in long_lines} <= {passage.language}, passage.text


def test_every_title_is_one_that_a_person_recognises(library: Services) -> None:
    with library.catalog.reading() as transaction:
        titles = [source.title for source in transaction.sources.all()]
    assert all(len(title.split()) >= 2 and len(title) <= 120 for title in titles), titles
    assert len(set(titles)) == len(titles)


def test_questions_that_the_library_does_not_answer_are_not_said_to_be_answered(library: Services) -> None:
    lines = (Path(__file__).parent / "sample" / "unanswered.jsonl").read_text(encoding="utf-8").splitlines()
    sure = [
        question
        for question in (json.loads(line)["text"] for line in lines)
        if library.search.search(question).confidence is Confidence.STRONG
    ]
    # Near misses share most of their words with a passage; words alone cannot tell them all.
    assert len(sure) <= len(lines) // 5, sure

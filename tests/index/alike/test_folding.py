from pathlib import Path

import pytest

from index.query import Order
from index.results import View
from index.search import SearchResult
from kb.catalog import Catalog
from tests.library import take_in
from webapp.wiring import Services

WORDS = (
    "The night shelter on Grove Street takes young people at any hour and gives out {beds} beds. Who comes "
    "later rings the bell at the side door. The person on duty keeps the book, and breakfast is from seven "
    "to nine in the morning. Nobody has to leave before the bus to school has come and gone."
)
ROOF = "The roof over the yard was mended."
PAGE = """<html lang="en"><head><title>{title}</title>
<meta property="article:published_time" content="{day}T08:00:00Z"></head>
<body><main><article><h1>{title}</h1><p>{words}</p></article></main></body></html>"""
OTHER = (
    "The shelter of the county pays for the bus of young people who go to school in Grove Street each day."
)


def put(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        stem, _, ending = name.rpartition("_")
        (folder / f"{stem}.{ending}").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def library(services: Services, tmp_path: Path) -> Services:
    words = WORDS.format(beds=24)
    reworded = words.replace("keeps the book, and", "keeps the book and")
    night = "Night shelter"
    web, printed = tmp_path / "web", tmp_path / "print"
    put(web, shelter_html=PAGE.format(title=night, day="2021-03-03", words=words), bus_txt=OTHER)
    put(printed, shelter_html=PAGE.format(title="Shelter, printed", day="2024-05-05", words=reworded))
    old = PAGE.format(title=night, day="2019-01-01", words=f"{WORDS.format(beds=18)} {ROOF}")
    take_in(services, web, printed, put(tmp_path / "old", shelter_html=old))
    return services


def places(result: SearchResult) -> list[str]:
    return [hit.citation.source.collection for hit in result.hits]


QUESTION = "how many beds does the night shelter have"


def test_passages_that_say_the_same_take_one_place_and_the_newest_is_shown(library: Services) -> None:
    result = library.search.search(QUESTION)
    assert places(result) == ["print", "old", "web"]
    first = result.hits[0]
    assert first.citation.day.isoformat() == "2024-05-05"
    (copy,) = first.also_in
    assert copy.source.collection == "web"
    assert copy.text_hash != first.citation.text_hash
    assert result.hits[2].citation.source.place == "bus.txt"


@pytest.mark.parametrize("tells_of_commits", [True, False])
def test_a_copy_that_comes_later_is_told_of_by_the_next_answer_and_one_that_goes_no_longer(
    library: Services, tmp_path: Path, tells_of_commits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not tells_of_commits:
        # As a database is that is no file.
        monkeypatch.setattr(Catalog, "version", lambda _catalog: None)

    def told(limit: int) -> list[str]:
        hit = library.search.search(QUESTION, limit=limit).hits[0]
        return sorted({copy.source.collection for copy in (hit.citation, *hit.also_in)})

    assert told(3) == ["print", "web"]
    late = put(tmp_path / "late", shelter_txt=WORDS.format(beds=24).replace("the book, and", "the book; and"))
    take_in(library, late)
    assert told(3) == ["late", "print", "web"]
    put(late, shelter_txt=ROOF)
    take_in(library, late)
    assert told(3) == ["print", "web"]


def test_a_passage_with_another_figure_keeps_its_place_and_the_contradiction_is_told(
    library: Services,
) -> None:
    result = library.search.search(QUESTION)
    assert [other.source.collection for other in result.hits[0].alike] == ["old"]
    (conflict,) = result.conflicts
    told = [
        (each.said, each.citation.day.year, each.citation.source.collection) for each in conflict.statements
    ]
    assert told == [("24", 2024, "print"), ("18", 2019, "old")]


def test_a_contradiction_is_told_also_when_the_other_is_on_another_page(library: Services) -> None:
    result = library.search.search(QUESTION, limit=1)
    assert len(result.conflicts) == 1
    assert library.search.search("bus to school of the county", limit=1).conflicts == ()


def test_what_is_shown_passes_the_filters_and_meets_what_was_demanded(library: Services) -> None:
    web = library.search.search(QUESTION, collections=["web"])
    assert places(web)[0] == "web"
    assert [copy.source.collection for copy in web.hits[0].also_in] == ["print"]
    assert places(library.search.search("title:night beds"))[0] in ("web", "old")
    assert places(library.search.search(QUESTION, view=View(until="2022-01-01")))[0] == "web"


def test_pages_follow_one_another_without_gap_or_repeat(library: Services) -> None:
    for order in Order:
        view = View(order=order)
        whole = places(library.search.search(QUESTION, view=view))
        one_by_one = [
            place
            for offset in range(4)
            for place in places(library.search.search(QUESTION, limit=1, offset=offset, view=view))
        ]
        assert one_by_one == whole


def test_hits_in_order_of_days_fold_too(library: Services) -> None:
    newest = library.search.search(QUESTION, view=View(order=Order.NEWEST))
    days = [hit.citation.day for hit in newest.hits]
    assert days == sorted(days, reverse=True)
    assert sorted(places(newest)) == ["old", "print", "web"]


def test_parts_add_up_to_the_score_of_the_place(library: Services) -> None:
    result = library.search.search(QUESTION, view=View(explain=True))
    for hit in result.hits:
        assert hit.explanation is not None
        assert hit.explanation.score == pytest.approx(hit.score, abs=1e-9)
    assert library.search.search(QUESTION).hits[0].explanation is None


def test_matches_are_counted_by_collection_year_and_document(library: Services) -> None:
    result = library.search.search("shelter")
    assert result.facets["collection"] == {"web": 2, "old": 1, "print": 1}
    assert {"2019", "2021", "2024"} < set(result.facets["year"])
    assert set(result.titles) == set(result.facets["source_id"])
    assert sum(result.facets["source_id"].values()) == result.total == 4


class TestLike:
    def test_passages_about_the_same_come_without_the_passage_and_its_copies(self, library: Services) -> None:
        own = library.search.search(QUESTION).hits[0].citation
        result = library.search.like(own.passage.id)
        assert places(result) == ["old", "web"]
        assert result.hits[1].citation.source.place == "bus.txt"
        assert own.passage.id not in [hit.citation.passage.id for hit in result.hits]

    def test_they_can_be_narrowed(self, library: Services) -> None:
        own = library.search.search(QUESTION).hits[0].citation
        assert places(library.search.like(own.passage.id, collections=["old"])) == ["old"]

    def test_what_the_document_says_everywhere_does_not_count(
        self, services: Services, tmp_path: Path
    ) -> None:
        subjects = ["ambulance", "breakfast", "library", "laundry", "garden"]
        parts = "\n\n".join(
            f"## Part {number}\n\nThe Grove Street handbook says of the {subject} that the {subject} comes "
            f"first. Whoever uses the {subject} signs the book of the {subject} and reads the house rules."
            for number, subject in enumerate(subjects)
        )
        put(tmp_path / "one", handbook_md=f"# Handbook\n\n{parts}\n")
        put(
            tmp_path / "two", ambulance_txt="An ambulance waits behind the hospital for whoever calls for it."
        )
        take_in(services, tmp_path / "one", tmp_path / "two")
        (first, *_) = [
            hit.citation.passage.id
            for hit in services.search.search("ambulance comes first").hits
            if hit.citation.source.collection == "one"
        ]
        assert places(services.search.like(first))[0] == "two"

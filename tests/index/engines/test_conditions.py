"""What a question may demand: phrases, fields, refused words, filters, days; and what is counted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.engine import FACETS, Engine, IndexedPassage
from index.engines.memory import MemoryEngine
from index.query import Order, Query, Words
from index.queryparser import parse
from tests.index.engines.asking import ask, commit, found, same
from tests.index.passages import ALL, BUS, passage


def dated(day: str, **values: object) -> IndexedPassage:
    return passage(f"p-{day}", "The shelter opens at night.", **{"day": day, **values})


def test_stop_words_alone_do_not_match_unless_the_question_has_no_others(engine: Engine) -> None:
    commit(engine, 1, *ALL)
    assert ask(engine, "what is the tram") == []
    assert ask(engine, "the") == ["p-bus"]
    assert set(ask(engine, "for the")) == {"p-bus", "p-food", "p-shelter"}


def test_a_phrase_must_stand_in_order_in_one_field(engine: Engine) -> None:
    commit(engine, 1, *ALL)
    assert ask(engine, '"young people"') == ["p-food", "p-shelter"]
    assert ask(engine, '"people young"') == []
    assert ask(engine, '"free for minors" shelter') == ["p-bus"]
    assert ask(engine, '"shelters where"') == []
    assert ask(engine, '"to the shelter"') == ["p-bus"]


def test_a_phrase_in_a_field_looks_only_there(engine: Engine) -> None:
    commit(engine, 1, *ALL)
    assert ask(engine, 'heading:"for minors"') == ["p-shelter"]
    assert ask(engine, 'text:"for minors"') == ["p-bus"]
    commit(engine, 2, passage("apart", "Minors ask for a bed.", title="Beds for minors"))
    assert ask(engine, 'title:"for minors"') == ["apart"]
    assert ask(engine, 'text:"for minors"') == ["p-bus"]


def test_a_word_in_a_field_is_required_there(engine: Engine) -> None:
    commit(engine, 1, *ALL)
    assert ask(engine, "title:food shelter") == ["p-food"]
    assert ask(engine, "title:shelter") == ["p-shelter"]
    assert ask(engine, "title:bus") == []


def test_refused_words_and_phrases_leave_passages_out(engine: Engine) -> None:
    commit(engine, 1, *ALL)
    assert ask(engine, "shelter -bus") == ["p-shelter"]
    assert ask(engine, 'young people -"hot meals"') == ["p-shelter"]
    assert ask(engine, "shelter -title:shelter") == ["p-bus"]
    assert engine.search(parse("shelter -bus")).total == 1


def test_filters_let_through_what_has_one_of_their_values(engine: Engine) -> None:
    commit(engine, 1, *ALL)
    words = (Words("shelter refugio young"),)
    assert found(engine.search(Query(words, collections=("transport", "none")))) == ["p-bus"]
    assert found(engine.search(Query(words, language="other", languages=("es",)))) == ["p-refugio"]
    assert found(engine.search(Query(words, source_ids=("source-2",)))) == ["p-bus"]
    assert found(engine.search(Query(words, media_types=("text/plain",)))) == ["p-food"]
    assert found(engine.search(Query(words, media_types=("text/plain",), collections=("transport",)))) == []
    assert found(engine.search(Query(words, collections=("none",)))) == []


def test_days_narrow_and_those_of_the_first_and_last_are_in(engine: Engine) -> None:
    commit(engine, 1, *(dated(day) for day in ("", "2019-12-31", "2020-01-01", "2020-12-31", "2021-01-01")))
    shelter = (Words("shelter"),)
    assert found(engine.search(Query(shelter, since="2020-01-01", until="2020-12-31"))) == [
        "p-2020-01-01",
        "p-2020-12-31",
    ]
    assert engine.search(Query(shelter, since="2020-12-31")).total == 2
    assert engine.search(Query(shelter, until="2019-12-31")).total == 1


def test_hits_come_in_the_order_of_their_days_then_of_their_scores(engine: Engine) -> None:
    best = passage("p-best", "Shelter, shelter at night.", title="Shelter", day="2020-05-05")
    commit(engine, 1, dated("2019-01-01"), dated("2021-01-01"), best, dated("2020-05-05"), BUS)
    newest = Query((Words("shelter"),), order=Order.NEWEST)
    assert found(engine.search(newest)) == ["p-2021-01-01", "p-best", "p-2020-05-05", "p-2019-01-01", "p-bus"]
    assert found(engine.search(newest, limit=2, offset=1)) == ["p-best", "p-2020-05-05"]
    oldest = replace(newest, order=Order.OLDEST)
    assert found(engine.search(oldest))[1:] == ["p-2019-01-01", "p-best", "p-2020-05-05", "p-2021-01-01"]


def test_matches_are_counted_as_if_there_were_no_filter_by_the_same_value(engine: Engine) -> None:
    commit(
        engine, 1, *ALL, dated("2020-02-02", collection="transport"), dated("2020-03-03"), delete=("p-food",)
    )
    words = (Words("shelter refugio"),)
    facets = engine.search(Query(words, language="other"), facets=True).facets
    assert list(facets) == list(FACETS)
    assert facets["collection"] == {"guides": 3, "transport": 2}
    assert facets["language"] == {"en": 4, "es": 1}
    assert facets["year"] == {"": 3, "2020": 2}
    assert list(facets["media_type"].items()) == [("text/html", 4), ("text/markdown", 1)]
    narrowed = Query(words, language="other", collections=("transport",), languages=("en",))
    facets = engine.search(narrowed, facets=True).facets
    assert facets["collection"] == {"guides": 2, "transport": 2}
    assert facets["language"] == {"en": 2}
    assert facets["year"] == {"": 1, "2020": 1}
    assert engine.search(Query(words)).facets == {}


def test_facets_count_only_what_meets_the_conditions(engine: Engine) -> None:
    commit(engine, 1, *ALL)
    facets = engine.search(parse("shelter -bus"), facets=True).facets
    assert facets["collection"] == {"guides": 1}
    assert sum(facets["source_id"].values()) == 1


@pytest.mark.parametrize(
    "question", ["victimas de explotacion", "víctima", "¿Hay refugios para niños?", "ninos"]
)
def test_spanish_is_found_with_and_without_accents(engine: Engine, question: str) -> None:
    commit(engine, 1, *ALL)
    assert ask(engine, question) == ["p-refugio"]


@pytest.mark.parametrize("question", ["555-010-4477", "5550104477", "12.40", "12.40(c)", '"section 12.40"'])
def test_codes_are_found_however_they_are_written(engine: Engine, question: str) -> None:
    commit(engine, 1, *ALL)
    assert ask(engine, question) == (["p-shelter"] if "4477" in question else ["p-bus"])


def test_small_words_that_are_asked_for_in_one_field_count_there_only(engine: Engine) -> None:
    reference = MemoryEngine()
    for one in (engine, reference):
        commit(one, 1, passage("p1", "the desk", title="the card"), passage("p2", "a desk"))
    for query in (Query((Words("the desk", "text"),)), Query((Words("the desk"),))):
        assert same(reference.search(query), engine.search(query))

"""What makes a passage rank higher: where a word stands, how rare it is, its neighbours, its title."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.engine import Engine
from index.engines.memory import MemoryEngine
from index.query import Expansion, Order, Query, Words
from index.queryparser import parse
from tests.index.engines.asking import ask, commit, found, same
from tests.index.passages import ALL, SHELTER, passage


def test_scores_count_what_is_there_now_not_what_was_deleted(engine: Engine) -> None:
    commit(engine, 1, *ALL)
    before = engine.search(parse("shelter for minors"))
    commit(engine, 2, *(passage(f"x{n}", "shelter " * 20, title="shelter shelter") for n in range(9)))
    commit(engine, 3, delete=tuple(f"x{n}" for n in range(9)))
    after = engine.search(parse("shelter for minors"))
    assert (after.hits, after.total, after.ideal) == (before.hits, before.total, before.ideal)


def test_a_title_and_a_heading_count_for_more_than_the_text(engine: Engine) -> None:
    commit(
        engine,
        1,
        passage("text", "adoption of pets", title="Animals", headings=("Homes",)),
        passage("title", "pets in homes", title="adoption", headings=("Homes",)),
        passage("heading", "pets in homes", title="Animals", headings=("adoption",)),
    )
    # A title is also the name of the passage, more than a heading is.
    assert ask(engine, "adoption") == ["title", "heading", "text"]


def test_a_word_asked_for_twice_counts_twice(engine: Engine) -> None:
    commit(engine, 1, passage("bus", "The bus is free."), passage("bed", "The bed is free."))
    once, twice = engine.search(parse("bus bed")), engine.search(parse("bus bed bed"))
    assert once.hits[0].score == pytest.approx(once.hits[1].score)
    assert found(twice) == ["bed", "bus"]
    assert twice.hits[1].score == pytest.approx(once.hits[1].score)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("shleter", "shelter"),
        ("goverment", "government"),
        ("trafficking", "trata"),
        ("dcitionery", "dictionary"),
    ],
)
def test_a_word_mistyped_or_of_the_other_language_finds_what_is_spelt_alike(
    engine: Engine, question: str, answer: str
) -> None:
    commit(
        engine,
        1,
        passage("shelter", "A shelter for the night."),
        passage("government", "The government pays for it."),
        passage("trata", "La víctima del tráfico", language="es"),
        passage("dictionary", "A dictionary of many words."),
        passage("other", "Shelves and govern and train"),
    )
    ranking = engine.search(Query((Words(question),)))
    assert found(ranking)[0] == answer
    assert 0 < ranking.hits[0].score < ranking.ideal


def test_a_word_that_is_there_counts_more_than_one_spelt_alike(engine: Engine) -> None:
    commit(engine, 1, passage("a", "the statement"), passage("b", "the statements of state"))
    assert ask(engine, "state") == ["b", "a"]
    assert ask(engine, '"state"') == ask(engine, "text:state") == ["b"]


def test_words_spelt_alike_are_only_those_of_passages_that_are_there(engine: Engine) -> None:
    commit(engine, 1, *ALL, passage("gone", "sheltered sheltering shelterer", title="shelterers"))
    with_it = engine.search(parse("shelterer minors")).total
    commit(engine, 2, delete=("gone",))
    fresh = MemoryEngine()
    commit(fresh, 1, *ALL)
    query = parse("shelterer minors")
    assert with_it == 3
    assert same(engine.search(query), fresh.search(query))
    assert engine.weights(query) == pytest.approx(fresh.weights(query))


def test_the_passage_with_the_question_as_its_name_comes_first(engine: Engine) -> None:
    text = "You may ask at the desk. The card is free for minors, and so is a lost card."
    commit(
        engine,
        1,
        passage("long", text, title="Lost and found: how to get what, when and where, a card among others"),
        passage("named", text, title="How do I get a card?"),
        passage("under", text, headings=("Cards", "When I get a card")),
        passage("plain", text, title="Desk"),
    )
    assert ask(engine, "how do I get a card")[0] == "named"
    assert ask(engine, "when I get a card")[0] == "under"


def test_neighbours_in_the_question_count_where_they_are_neighbours(engine: Engine) -> None:
    commit(engine, 1, passage("a", "water the cold and drink"), passage("b", "the cold water and drink"))
    assert ask(engine, "cold water") == ["b", "a"]


def test_only_the_best_hundred_are_ranked_anew_and_stay_above_the_rest(engine: Engine) -> None:
    holding = [passage(f"a{n:03}", "card " * (n % 9 + 1) + "desk " * (n % 5)) for n in range(150)]
    named = passage("z", "lost " * 300 + "card", title="")
    commit(engine, 1, *holding, named)
    ranking = engine.search(parse("lost card desk card"), limit=151)
    scores = [hit.score for hit in ranking.hits]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) == ranking.total == 151
    assert ranking.hits[:7] == engine.search(parse("lost card desk card"), limit=7).hits


def test_a_title_says_as_much_when_other_documents_have_it_too(engine: Engine) -> None:
    four = [passage(f"p{n}", f"word{n}", title="Lost card", source_id=f"s{n}") for n in range(4)]
    commit(engine, 1, *four)
    apart = engine.search(parse("lost card")).hits[0].score
    commit(engine, 2, *(replace(each, source_id="s0") for each in four))
    assert engine.search(parse("lost card")).hits[0].score < apart


def test_a_title_that_many_passages_have_says_less_of_each(engine: Engine) -> None:
    commit(engine, 1, *(passage(f"p{n}", f"word{n}", title="Lost card") for n in range(4)))
    shared = engine.search(parse("lost card")).hits[0].score
    commit(engine, 2, *(passage(f"p{n}", f"word{n}", title=f"Lost card {n}") for n in range(1, 4)))
    assert engine.search(parse("lost card")).hits[0].score > shared


def test_expansions_find_and_count_for_less_than_what_was_typed(engine: Engine) -> None:
    long = passage("p-long", "The House of Night Care has a phone.")
    commit(engine, 1, *ALL, long, passage("p-short", "HNC has a phone."))
    typed = Query((Words("HNC"),))
    expanded = replace(typed, expansions=(Expansion("HNC", "House of Night Care", 0.5, "en"),))
    assert found(engine.search(typed)) == ["p-short"]
    assert found(engine.search(expanded))[:2] == ["p-short", "p-long"]
    assert engine.search(expanded).ideal == pytest.approx(engine.search(typed).ideal)


@pytest.mark.parametrize(
    "question",
    [
        "young people at the night shelter",
        "what number do I call before I come",
        "sheltr for minors",
        "refugio a cualquier hora",
        '"night shelter" young',
        "title:shelter hour",
        "Section 12.40(c)",
    ],
)
def test_the_parts_of_a_score_add_up_to_it(engine: Engine, question: str) -> None:
    commit(engine, 1, *ALL)
    by_id = {one.id: one for one in ALL}
    query = replace(parse(question), expansions=(Expansion("hour", "any time of day", 0.5, "en"),))
    ranking = engine.search(query)
    assert ranking.hits
    for hit in ranking.hits:
        explanation = engine.explain(query, by_id[hit.passage_id], anew=True)
        assert explanation.score == pytest.approx(hit.score, abs=1e-9)
    for hit in engine.search(replace(query, order=Order.NEWEST)).hits:
        explanation = engine.explain(query, by_id[hit.passage_id], anew=False)
        assert explanation.score == pytest.approx(hit.score, abs=1e-9)


def test_an_explanation_names_the_words_as_they_stand_in_each_field(engine: Engine) -> None:
    commit(engine, 1, *ALL)
    query = parse("call a night shelter")
    explanation = engine.explain(query, SHELTER, anew=True)
    forms = {part.word: part.forms for part in explanation.words if not part.kind}
    assert forms["night"] == (("Night", "title", 1), ("night", "text", 1))
    assert forms["shelter"] == (("shelters", "title", 1), ("shelter", "text", 1))
    assert [part.word for part in explanation.words if part.kind] == ["call"]
    assert ("night", "shelter") in explanation.neighbours
    assert explanation.name > 0


def test_the_ideal_is_above_every_score_and_unknown_words_raise_it(engine: Engine) -> None:
    commit(engine, 1, *ALL)
    known, unknown = engine.search(parse("shelter")), engine.search(parse("shelter qwertz"))
    assert known.hits[0].score < known.ideal < unknown.ideal
    assert found(known) == found(unknown)


def test_weights_are_higher_for_rarer_words_and_nothing_for_small_ones(engine: Engine) -> None:
    commit(engine, 1, *ALL)
    weights = engine.weights(parse("where is the shelter for a bus"))
    assert weights["bus"] > weights["shelter"] > weights["the"] == 0

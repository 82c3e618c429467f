"""One contract for every engine: what one answers, all answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.engine import FACETS, Engine, IndexedPassage, Ranking
from index.engines import ENGINES, open_engine
from index.engines.memory import MemoryEngine
from index.engines.whoosh import WhooshEngine
from index.query import Expansion, Order, Phrase, Query, Words
from index.queryparser import parse
from kb.errors import IndexBusy, SettingsError
from tests.index.passages import ALL, BUS, FOOD, SHELTER, passage


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    opened = open_engine(request.param, tmp_path / "index")
    yield opened
    opened.close()


def commit(engine: Engine, sequence: int, *passages: IndexedPassage, delete: tuple[str, ...] = ()) -> None:
    with engine.writer(sequence) as batch:
        for one in passages:
            batch.put(one)
        for passage_id in delete:
            batch.delete(passage_id)


def found(ranking: Ranking) -> list[str]:
    return [hit.passage_id for hit in ranking.hits]


def ask(engine: Engine, question: str) -> list[str]:
    return found(engine.search(parse(question)))


def test_an_empty_index_answers_with_nothing(engine: Engine) -> None:
    ranking = engine.search(parse("where is a shelter"))
    assert (found(ranking), ranking.total, engine.count(), list(engine.ids()), engine.sequence) == (
        [],
        0,
        0,
        [],
        0,
    )


def test_a_passage_is_found_by_its_words_and_ranked_by_how_much_it_holds(engine: Engine) -> None:
    commit(engine, 1, *ALL)
    assert ask(engine, "shelter for minors") == ["p-shelter", "p-bus"]
    assert ask(engine, "free bus") == ["p-bus"]


def test_hits_are_ranked_from_one_and_scores_fall(engine: Engine) -> None:
    commit(engine, 1, *ALL)
    hits = engine.search(parse("shelter for young minors")).hits
    assert [hit.rank for hit in hits] == [1, 2, 3]
    assert sorted((hit.score for hit in hits), reverse=True) == [hit.score for hit in hits]
    assert all(hit.score > 0 for hit in hits)


def test_a_page_of_hits_is_a_slice_of_all_hits(engine: Engine) -> None:
    commit(engine, 1, *(passage(f"p{n:03}", "meals " * (n % 7 + 1) + "daily " * (n % 5)) for n in range(400)))
    whole = engine.search(parse("daily meals"), limit=1000)
    assert len(whole.hits) == whole.total == 400
    page = engine.search(parse("daily meals"), limit=10, offset=35)
    assert list(page.hits) == list(whole.hits[35:45])
    assert engine.search(parse("daily meals"), limit=2).hits == whole.hits[:2]
    assert engine.search(parse("daily meals"), limit=10, offset=395).hits == whole.hits[395:]
    assert engine.search(parse("daily meals"), limit=10, offset=400).hits == []


def test_a_limit_of_nothing_only_counts(engine: Engine) -> None:
    commit(engine, 1, *ALL)
    ranking = engine.search(parse("shelter"), limit=0)
    assert (found(ranking), ranking.total) == ([], 2)


def test_equal_scores_are_ordered_by_id(engine: Engine) -> None:
    commit(engine, 1, *(passage(name, "the same words") for name in ("c", "a", "d", "b")))
    assert ask(engine, "same words") == ["a", "b", "c", "d"]


def test_a_put_passage_replaces_the_one_with_its_id(engine: Engine) -> None:
    commit(engine, 1, *ALL)
    commit(engine, 2, passage("p-bus", "The tram is free."))
    assert ask(engine, "bus") == []
    assert ask(engine, "tram") == ["p-bus"]
    assert engine.count() == 4


def test_the_last_put_of_an_id_in_a_batch_holds(engine: Engine) -> None:
    commit(engine, 1, passage("p", "first words"), passage("p", "second words"))
    assert ask(engine, "first") == []
    assert ask(engine, "second") == ["p"]
    assert engine.count() == 1


def test_a_deleted_passage_is_gone_and_an_unknown_id_is_no_error(engine: Engine) -> None:
    commit(engine, 1, *ALL)
    commit(engine, 2, delete=("p-bus", "no-such-passage"))
    assert ask(engine, "bus shelter") == ["p-shelter"]
    assert sorted(engine.ids()) == ["p-food", "p-refugio", "p-shelter"]


def test_delete_and_put_in_one_batch_follow_their_order(engine: Engine) -> None:
    commit(engine, 1, *ALL)
    with engine.writer(2) as batch:
        batch.delete("p-bus")
        batch.put(BUS)
        batch.put(FOOD)
        batch.delete("p-food")
    assert sorted(engine.ids()) == ["p-bus", "p-refugio", "p-shelter"]


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


def dated(day: str, **values: object) -> IndexedPassage:
    return passage(f"p-{day}", "The shelter opens at night.", **{"day": day, **values})


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


def test_the_ideal_is_above_every_score_and_unknown_words_raise_it(engine: Engine) -> None:
    commit(engine, 1, *ALL)
    known, unknown = engine.search(parse("shelter")), engine.search(parse("shelter qwertz"))
    assert known.hits[0].score < known.ideal < unknown.ideal
    assert found(known) == found(unknown)


def test_small_words_that_are_asked_for_in_one_field_count_there_only(engine: Engine) -> None:
    reference = MemoryEngine()
    for one in (engine, reference):
        commit(one, 1, passage("p1", "the desk", title="the card"), passage("p2", "a desk"))
    for query in (Query((Words("the desk", "text"),)), Query((Words("the desk"),))):
        assert same(reference.search(query), engine.search(query))


def test_weights_are_higher_for_rarer_words_and_nothing_for_small_ones(engine: Engine) -> None:
    commit(engine, 1, *ALL)
    weights = engine.weights(parse("where is the shelter for a bus"))
    assert weights["bus"] > weights["shelter"] > weights["the"] == 0


def test_the_sequence_is_that_of_the_last_batch_even_an_empty_one(engine: Engine) -> None:
    commit(engine, 7, *ALL)
    assert engine.sequence == 7
    commit(engine, 12)
    assert engine.sequence == engine.search(parse("bus")).sequence == 12


def test_an_abandoned_batch_leaves_nothing(engine: Engine) -> None:
    commit(engine, 1, SHELTER)
    with suppress(RuntimeError), engine.writer(2) as batch:
        batch.put(BUS)
        batch.delete("p-shelter")
        raise RuntimeError
    assert (list(engine.ids()), engine.sequence, ask(engine, "bus")) == (["p-shelter"], 1, [])
    commit(engine, 3, BUS)
    assert sorted(engine.ids()) == ["p-bus", "p-shelter"]


def test_a_batch_is_not_seen_before_it_is_committed(engine: Engine) -> None:
    with engine.writer(1) as batch:
        batch.put(BUS)
        assert ask(engine, "bus") == []
    assert ask(engine, "bus") == ["p-bus"]


def test_a_second_writer_is_turned_away(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.engines.whoosh._WAIT", 0.0)
    with engine.writer(1), pytest.raises(IndexBusy), engine.writer(2):
        pass
    assert engine.sequence == 1


def test_threads_that_search_while_others_write_see_whole_states(engine: Engine) -> None:
    commit(engine, 1, *(passage(f"a{n}", "common words") for n in range(10)))
    wrong: list[object] = []
    done = threading.Event()

    def search() -> None:
        while not done.is_set():
            ranking = engine.search(parse("common words"), limit=1000)
            # Each batch adds ten passages, so the state of sequence s has ten times s of them.
            if not ranking.total == len(ranking.hits) == ranking.sequence * 10:
                wrong.append(ranking)

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        for sequence in range(2, 12):
            commit(engine, sequence, *(passage(f"{sequence}-{n}", "common words") for n in range(10)))
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert wrong == []
    assert engine.count() == 110


def test_an_unknown_engine_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="sphinx"):
        open_engine("sphinx", tmp_path)


WORDS = [
    "ley",
    "leyes",
    "shelter",
    "shelters",
    "the",
    "de",
    "12.40(c)",
    "niños",
    "ninos",
    "night",
    "bus",
    "W-9",
    "sheltered",
    "shetler",
    "nights",
    "nightly",
    "knight",
    "trafficking",
    "tráfico",
]
texts = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
fields = st.sampled_from(["any", "title", "headings", "text"])
passages = st.builds(
    passage,
    st.sampled_from([f"p{n}" for n in range(9)]),
    texts,
    title=texts,
    headings=st.lists(texts, max_size=2).map(tuple),
    language=st.sampled_from(["en", "es", "other"]),
    collection=st.sampled_from(["a", "b"]),
    source_id=st.sampled_from(["s1", "s2"]),
    day=st.sampled_from(["", "2019-05-05", "2020-01-01", "2020-06-06"]),
)
clauses = st.one_of(st.builds(Words, texts, fields, st.booleans()), st.builds(Phrase, texts, fields))
queries = st.builds(
    Query,
    st.lists(clauses, max_size=3).map(tuple),
    refused=st.lists(clauses, max_size=1).map(tuple),
    language=st.sampled_from(["en", "es", "other"]),
    collections=st.sampled_from([(), ("a",), ("a", "b")]),
    source_ids=st.sampled_from([(), ("s1",)]),
    since=st.sampled_from(["", "2019-06-01"]),
    order=st.sampled_from(Order),
    expansions=st.lists(
        st.builds(Expansion, st.just("x"), texts, st.just(0.5), st.sampled_from(["en", "es"])), max_size=1
    ).map(tuple),
)
batches = st.lists(
    st.tuples(
        st.lists(passages, max_size=6), st.lists(st.sampled_from([f"p{n}" for n in range(9)]), max_size=3)
    ),
    min_size=1,
    max_size=5,
)


def same(first: Ranking, second: Ranking) -> bool:
    return (
        found(first) == found(second)
        and first.total == second.total
        and first.facets == second.facets
        and first.ideal == pytest.approx(second.ideal, abs=1e-9)
        and all(abs(one.score - two.score) < 1e-9 for one, two in zip(first.hits, second.hits, strict=True))
    )


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    batches=batches,
    asked=st.lists(queries, min_size=3, max_size=6),
    limit=st.integers(0, 4),
    dense_from=st.sampled_from([0.0, 1e9]),
)
def test_the_engines_rank_alike_after_any_batches(
    batches: list[tuple[list[IndexedPassage], list[str]]],
    asked: list[Query],
    limit: int,
    dense_from: float,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # In so small an index every word is common; the way that rare words are added is walked too.
    monkeypatch.setattr("index.ranking.weighing._DENSE_FROM", dense_from)
    exact, fast = MemoryEngine(), WhooshEngine.create(tmp_path_factory.mktemp("index"))
    for sequence, (added, removed) in enumerate(batches, start=1):
        for engine in (exact, fast):
            commit(engine, sequence, *added, delete=tuple(removed))
    assert sorted(exact.ids()) == sorted(fast.ids())
    for query in asked:
        assert same(
            exact.search(query, limit=limit, facets=True), fast.search(query, limit=limit, facets=True)
        )
        assert same(exact.search(query, limit=limit, offset=2), fast.search(query, limit=limit, offset=2))
        assert exact.weights(query) == pytest.approx(fast.weights(query))

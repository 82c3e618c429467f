import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import answers
from index.analysis import analyzer
from index.engine import IndexedPassage
from index.engines.memory import MemoryEngine
from index.plan import plan
from index.queryparser import parse
from index.quote import best_sentence, highlights
from tests.index.passages import passage

SHEET = (
    "Duty desk: 800-555-0100.\n"
    "Write to desk@county.example.org or see https://county.example.org/desk for more."
)


def engine_with(*passages: IndexedPassage) -> MemoryEngine:
    engine = MemoryEngine()
    with engine.writer(1) as writer:
        for one in passages:
            writer.put(one)
    return engine


@pytest.mark.parametrize("language", ["en", "es", "other"])
def test_what_is_known_by_its_form_gives_the_term_of_its_kind(language: str) -> None:
    assert {answers.PHONE, answers.EMAIL, answers.WEB} <= set(analyzer(language).terms(SHEET))


@pytest.mark.parametrize(
    "text", ["In 2014, 1,277 victims, 12-14 years, SB 855, 653.22(b), http status, a@b, $650,000"]
)
def test_other_figures_and_codes_are_no_answers_of_a_kind(text: str) -> None:
    kinds = {term for term in analyzer("en").terms(text) if answers.is_kind(term)}
    assert kinds <= {answers.WEB}


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("what number do I call?", {answers.PHONE}),
        ("Is there a HOTLINE", {answers.PHONE}),
        ("¿A qué teléfono llamo?", {answers.PHONE}),
        ("what is the e-mail address", {answers.EMAIL}),
        ("el correo electrónico o el sitio", {answers.EMAIL, answers.WEB}),
        ("how many children were found", set()),
        ("number of victims", set()),
        ("the number of the hotline", {answers.PHONE}),
    ],
)
def test_a_question_asks_for_a_kind_by_its_words(question: str, kinds: set[str]) -> None:
    assert {kind for kind, _ in answers.asked_for(question)} == kinds


def test_a_number_that_no_word_names_is_found_marked_and_picked() -> None:
    engine = engine_with(
        passage("sheet", SHEET),
        passage("calls", "We call every family back. A call takes ten minutes, so plan your calls."),
        passage("plan", "The plan is reviewed at every visit."),
    )
    query = parse("what number do I call for the duty desk")
    assert engine.search(query).hits[0].passage_id == "sheet"
    assert SHEET[slice(*highlights(SHEET, "en", query)[-1])] == "desk"
    assert "800-555-0100" in [SHEET[start:end] for start, end in highlights(SHEET, "en", query)]
    picked = best_sentence(SHEET, "en", query, weights=engine.weights(query))
    assert picked is not None
    assert SHEET[slice(*picked)] == "Duty desk: 800-555-0100."


def test_a_number_in_the_question_asks_for_itself_and_not_for_any_number() -> None:
    engine = engine_with(passage("sheet", SHEET), passage("other", "Front desk: 800-555-0199."))
    first, *others = engine.search(parse("8005550100")).hits
    assert first.passage_id == "sheet"
    assert all(hit.score < first.score / 2 for hit in others), "they share groups of figures only"


def test_where_no_passage_has_a_number_the_word_that_asks_counts_as_before() -> None:
    engine = engine_with(passage("a", "We call every family back."), passage("b", "Visits are on Monday."))
    found = engine.search(parse("who do I call"))
    assert [hit.passage_id for hit in found.hits] == ["a"]
    assert 0 < found.hits[0].score <= found.ideal


@pytest.mark.parametrize(
    ("question", "times"), [("what number do I call", 2), ("the hotline", 1), ("numero de telefono", 2)]
)
def test_a_kind_counts_as_often_as_the_question_asks_for_it(question: str, times: int) -> None:
    counts = {wanted.term: wanted.count for wanted in plan(parse(question)).wanted}
    assert counts[answers.PHONE] == times


_PIECES = (
    "www. WWW.x http:// https://a.b a@b.c x.org X.COM. 1.5 U.S. and/or me@ .gov /x e.g. co.uk ( é.es".split()
)


@given(st.lists(st.sampled_from([*_PIECES, " ", "-", "word"]), max_size=12).map("".join))
def test_a_quick_look_passes_no_address_over(text: str) -> None:
    assert answers.addresses(text) == tuple(match.span() for match in answers._ADDRESS.finditer(text))

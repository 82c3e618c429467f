from pathlib import Path

import pytest

from index.ranking.confidence import Confidence
from index.search import SearchResult
from kb.errors import IndexMissing, QueryError
from tests.library import services_at, take_in, write
from webapp.wiring import Services

HOTLINE = "Call the county hotline at 800-555-0100. It answers day and night, in English and Spanish."
PLAN = "A safety plan names the people whom a young person trusts. Review the plan at every visit."
LINEA = "Llame a la línea del condado al 800-555-0100. Contesta de día y de noche, también en español."
TRAINING = "New staff take the training on warning signs in their first month. The course lasts two days."


@pytest.fixture
def library(services: Services, tmp_path: Path) -> Services:
    folder = write(tmp_path / "guides", hotline=HOTLINE, plan=PLAN, linea=LINEA, training=TRAINING)
    take_in(services, folder)
    return services


def texts(result: SearchResult) -> list[str]:
    return [hit.citation.passage.text for hit in result.hits]


def test_a_question_brings_the_passage_that_answers_it_with_its_proof(library: Services) -> None:
    result = library.search.search("what is the hotline number")
    first = result.hits[0]
    assert first.citation.passage.text == HOTLINE
    assert first.citation.source.place == "hotline.txt"
    assert first.citation.permalink == f"/p/{first.citation.passage.id}"
    assert (first.rank, result.generation) == (1, 1)


def test_a_spanish_question_finds_the_spanish_passage_first_with_or_without_accents(
    library: Services,
) -> None:
    for question in ("¿Cuál es la línea del condado?", "cual es la linea del condado"):
        assert texts(library.search.search(question))[0] == LINEA


def test_marks_are_slices_of_the_passage(library: Services) -> None:
    first = library.search.search("reviewing safety plans").hits[0]
    text = first.citation.passage.text
    assert {text[start:end].lower() for start, end in first.highlights} >= {"safety", "plan", "review"}
    assert first.best_sentence is not None
    start, end = first.best_sentence
    assert text[start:end] in (
        "A safety plan names the people whom a young person trusts.",
        "Review the plan at every visit.",
    )


def test_filters_let_through_only_what_was_asked_for(library: Services, tmp_path: Path) -> None:
    take_in(library, write(tmp_path / "memos", note="The safety plan moved to another floor."))
    assert len(library.search.search("safety").hits) == 2
    (memo,) = library.search.search("safety", collections=["memos"]).hits
    assert memo.citation.source.collection == "memos"
    assert texts(library.search.search("800-555-0100", languages=["es"])) == [LINEA]


def test_a_filter_by_language_only_takes_passages_away(library: Services, tmp_path: Path) -> None:
    take_in(library, write(tmp_path / "guias", plan="La hotline contesta; el plan se revisa cada visita."))
    for question in (
        "plan",
        "hotline",
        "what does a safety plan review",
        "¿qué contestan en la línea directa?",
    ):
        every = library.search.search(question)
        for language, count in every.facets["language"].items():
            narrowed = library.search.search(question, languages=[language])
            assert narrowed.total == count, (question, language)
            of_it = [text for text in texts(every) if text in texts(narrowed)]
            assert of_it == texts(narrowed)
    # "contestan" has no English reading: only the Spanish stemmer leads from it to "contesta".
    assert LINEA in texts(library.search.search("contestan", languages=["es"]))
    assert LINEA in texts(library.search.search("contestan lang:es"))


def test_the_same_words_in_two_documents_are_one_hit_that_names_both(
    library: Services, tmp_path: Path
) -> None:
    take_in(library, write(tmp_path / "copies", hotline=HOTLINE))
    result = library.search.search("county hotline day and night")
    assert texts(result).count(HOTLINE) == 1
    first = next(hit for hit in result.hits if hit.citation.passage.text == HOTLINE)
    (other,) = first.also_in
    assert {first.citation.source.collection, other.source.collection} == {"guides", "copies"}


def test_pages_of_results_continue_each_other(library: Services, tmp_path: Path) -> None:
    notes = {f"n{number}": f"Note {number} tells of the visit to the school." for number in range(12)}
    take_in(library, write(tmp_path / "notes", **notes))
    whole = library.search.search("visit school note", limit=12)
    parts = [library.search.search("visit school note", limit=5, offset=offset) for offset in (0, 5, 10)]
    assert [hit for part in parts for hit in texts(part)][:12] == texts(whole)
    assert [hit.rank for part in parts for hit in part.hits][:12] == list(range(1, 13))


def test_confidence_tells_a_whole_answer_from_a_stray_word(library: Services) -> None:
    assert library.search.search("county hotline").confidence is Confidence.STRONG
    stray = library.search.search("quarterly budget forecast spreadsheet for the course")
    assert stray.confidence is Confidence.WEAK
    assert "budget" in stray.missing
    asked = library.search.search("what phone number does the county have")
    assert texts(asked)[0] in (HOTLINE, LINEA)
    assert "number" not in asked.missing
    buried = library.search.search(
        "which telephone number should a worried neighbor in the county ring tonight"
    )
    assert buried.confidence is not Confidence.WEAK
    nothing = library.search.search("zebra")
    assert (nothing.confidence, nothing.hits, nothing.total) == (Confidence.NONE, (), 0)


def test_a_mistyped_word_is_found_marked_quoted_and_not_missing(library: Services) -> None:
    result = library.search.search("where is the conty hotlnie")
    first = result.hits[0]
    text = first.citation.passage.text
    assert text == HOTLINE
    assert [text[start:end] for start, end in first.highlights] == ["county", "hotline"]
    assert first.best_sentence is not None
    assert text[slice(*first.best_sentence)].startswith("Call the county hotline")
    assert result.missing == ()


def test_what_was_removed_a_moment_ago_is_no_answer_even_before_the_index_knows(library: Services) -> None:
    (hit,) = library.search.search('"safety plan"').hits
    library.pipeline.remove(hit.citation.source.id)
    assert library.search.search('"safety plan"').hits == ()


def test_a_library_without_documents_says_so(tmp_path: Path) -> None:
    empty = services_at(tmp_path / "empty")
    with pytest.raises(IndexMissing, match="no document"):
        empty.search.search("hotline")
    empty.close()


@pytest.mark.parametrize("question", ["", "   ", "?!…", "\x00\x07", "-hotline"])
def test_a_question_without_a_word_to_look_for_is_an_error_with_a_remedy(
    library: Services, question: str
) -> None:
    with pytest.raises(QueryError) as caught:
        library.search.search(question)
    assert caught.value.remedy


def test_a_question_of_ten_thousand_characters_is_answered(library: Services) -> None:
    assert library.search.search("county hotline " * 700).hits


def test_a_question_of_small_words_only_is_answered(library: Services) -> None:
    assert library.search.search("at the").hits


def test_an_answer_is_kept_until_anything_changes(library: Services) -> None:
    search = library.search
    first = search.search("safety plan")
    assert search.search("safety plan").hits is first.hits
    assert search.search("safety plan", limit=1).hits is not first.hits
    with library.catalog.writing() as transaction:
        transaction.passages.retire_all(first.hits[0].citation.source.id)
    assert search.search("safety plan").hits == ()


def test_new_synonyms_are_searched_for_though_the_answer_was_kept(library: Services) -> None:
    search = library.search
    assert search.search("quux").hits == ()
    search.synonyms.path.write_text("quux, hotline\n", encoding="utf-8")
    assert texts(search.search("quux"))[0] == HOTLINE

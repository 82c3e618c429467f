from hypothesis import given
from hypothesis import strategies as st

from index.alike.fingerprint import NEARLY_FROM, at_most_alike, keys, may_resemble, resemblance, runs, sketch
from kb.model import Passage

PAGE = (
    "The night shelter on Grove Street takes young people from twelve to seventeen years of age. "
    "Beds are given "
    "out from six in the evening. Who comes later rings the bell at the side door, and the person "
    "on duty opens "
    "until midnight. Breakfast is served from seven, and nobody has to leave before nine in the morning."
)


def passage_of(text: str) -> Passage:
    return Passage("p", "s", 0, 0, len(text), text, (), "en")


def alike(one: str, two: str) -> float:
    return resemblance(runs(one), runs(two))


def test_the_same_words_are_the_same_however_they_are_set() -> None:
    as_pdf = PAGE.upper().replace(". ", ".\n").replace(" the ", "\nthe ")
    assert alike(PAGE, as_pdf) == 1.0
    assert keys(PAGE) == keys(as_pdf)


def test_accents_make_no_difference() -> None:
    assert alike("Los niños están en la estación", "los ninos estan en la estacion") == 1.0


def test_a_text_with_a_word_changed_says_nearly_the_same_and_shares_a_key() -> None:
    changed = PAGE.replace("midnight", "eleven")
    assert NEARLY_FROM <= alike(PAGE, changed) < 1.0
    assert set(keys(PAGE)) & set(keys(changed))


def test_another_text_shares_nothing() -> None:
    other = (
        "Parking is free behind the house, but two places are kept for the ambulance at all times of the day."
    )
    assert alike(PAGE, other) == 0.0
    assert not set(keys(PAGE)) & set(keys(other))


def test_texts_of_fewer_words_than_a_run_can_be_compared() -> None:
    assert alike("shelter", "Shelter!") == 1.0
    assert alike("shelter", "parking") == 0.0
    assert alike("", "") == 1.0


@given(st.text(), st.text())
def test_resemblance_goes_both_ways_and_keys_fit_a_database(one: str, two: str) -> None:
    assert alike(one, two) == alike(two, one)
    assert 0.0 <= alike(one, two) <= 1.0
    assert all(-(2**63) <= key < 2**63 for key in keys(one))
    assert keys(one) == keys(one)


@given(st.lists(st.text("abc ", max_size=40), max_size=6))
def test_no_two_texts_are_more_alike_than_their_sketches_let_expect(texts: list[str]) -> None:
    at_most = at_most_alike([sketch(passage_of(text)) for text in texts])
    for one in range(len(texts)):
        for two in range(one):
            real = alike(texts[one], texts[two])
            assert real <= at_most[one, two] == at_most[two, one]


def test_the_sketches_of_ordinary_passages_tell_how_alike_they_are() -> None:
    other = PAGE.replace("seventeen", "twenty-one").replace("midnight", "one")
    at_most = at_most_alike([sketch(passage_of(text)) for text in (PAGE, other)])
    assert at_most[0, 1] == alike(PAGE, other)


@given(st.lists(st.text("abc ", max_size=40), min_size=2, max_size=2))
def test_two_texts_may_be_as_alike_by_themselves_as_among_many(texts: list[str]) -> None:
    one, two = (sketch(passage_of(text)) for text in texts)
    assert may_resemble(one, two) == at_most_alike([one, two])[0, 1]

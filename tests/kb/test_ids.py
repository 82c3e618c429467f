from hypothesis import given
from hypothesis import strategies as st

from kb import ids


@given(st.text(), st.text())
def test_an_id_is_twelve_unmistakable_characters(collection: str, place: str) -> None:
    made = ids.source_id(collection, place)
    assert len(made) == ids.LENGTH
    assert set(made) <= set("0123456789abcdefghjkmnpqrstvwxyz")


def test_the_same_place_in_the_same_collection_has_the_same_id_for_ever() -> None:
    # Links are made of these: a change here breaks every link ever copied.
    assert ids.source_id("guides", "signs/warning.html") == "sws0qcf27pta"
    assert ids.passage_id("sws0qcf27pta", "Call 911 in an emergency.") == "b0e01jwr0748"


def test_collection_and_place_cannot_be_confused() -> None:
    assert ids.source_id("a", "bc") != ids.source_id("ab", "c")


def test_a_passage_keeps_its_id_when_only_spacing_or_case_changed() -> None:
    assert ids.passage_id("s", "Call  NOW\n") == ids.passage_id("s", "call now")


def test_equal_passages_of_one_source_are_told_apart_by_their_ordinal() -> None:
    assert ids.passage_id("s", "Resources", ordinal=0) != ids.passage_id("s", "Resources", ordinal=1)


def test_an_id_read_over_the_phone_is_understood() -> None:
    assert ids.spoken(" SWS0QC-F27PTA ") == "sws0qcf27pta"
    assert ids.spoken("OIL") == "011"

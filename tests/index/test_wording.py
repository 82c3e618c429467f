from index.wording import wording

TEXT = "See § 653.22(b) now. The hotline 800-555-0100 is free. Ask."


def test_each_sentence_has_its_own_terms_and_codes_among_them() -> None:
    one, two, three = wording(TEXT, "en").by_sentence()
    assert {"see", "653", "22", "b"} < set(one)
    assert "8005550100" in two
    assert set(three) == {"ask"}


def test_words_follow_one_another_without_whole_forms() -> None:
    taken = wording(TEXT, "en")
    assert [taken.terms[at] for at in taken.words()][:6] == ["see", "653", "22", "b", "now", "the"]


def test_a_term_is_found_where_it_stands() -> None:
    taken = wording(TEXT, "en")
    assert [TEXT[slice(*taken.span(at))] for at in taken.found({"free"})] == ["free"]

from webapp.presenters import search_text
from webapp.wiring import Services


def test_an_answer_for_a_terminal_has_the_words_and_the_link(library: Services) -> None:
    shown = search_text(library.search.search("ambulance parking submarine", limit=1))
    assert "words that the first passage lacks: submarine" in shown
    assert "1. Visits policy › " in shown
    assert "Parking" in shown
    assert "   There are twelve places" in shown
    assert "/p/" in shown


def test_no_answer_is_one_honest_line(library: Services) -> None:
    assert search_text(library.search.search("xylophone")) == "Nothing in these documents answers this."

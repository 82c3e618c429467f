import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from webapp import create_app
from webapp.wiring import Services


def test_the_start_page_tells_what_the_library_holds(client: FlaskClient) -> None:
    page = client.get("/").text
    assert "4 documents" in page
    assert '<form class="ask" action="/search" method="get" role="search">' in page
    assert "house" in page
    assert "odd" in page


def test_a_question_to_the_start_page_is_led_to_its_answer(client: FlaskClient) -> None:
    response = client.get("/?q=parking&collection=house&lang=en")
    assert response.status_code == 302
    assert response.location == "/search?q=parking&collection=house&lang=en"


def test_a_hit_shows_its_document_headings_words_and_permanent_link(client: FlaskClient) -> None:
    page = client.get("/search?q=places+for+the+ambulance").text
    first = page[page.index('id="hit-1"') : page.index("</article>")]
    assert "Visits policy" in first
    assert '<p class="headings"><bdi>Parking</bdi></p>' in first
    assert "<mark>ambulance</mark>" in first
    assert '<strong class="best">' in first
    assert "house" in first
    assert "English" in first
    (passage_id,) = set(re.findall(r'href="/p/(\w+)"', first))
    assert f'passage={passage_id}&amp;q=places+for+the+ambulance#p-{passage_id}"' in first
    assert "Also in:" in first


def test_items_of_a_list_are_shown_as_a_list(client: FlaskClient) -> None:
    page = client.get("/search?q=fruit+books+pencils").text
    assert re.search(r"<li>books?<ul role=\"list\"><li>|<li><mark>books</mark><ul role=\"list\"><li>", page)


def test_documents_cannot_write_markup_into_the_page(client: FlaskClient) -> None:
    page = client.get("/search?q=unicorn").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; notes" in page
    assert "&lt;img src=x onerror=alert(2)&gt;" in page


def test_the_question_is_shown_as_text(client: FlaskClient) -> None:
    page = client.get('/search?q="><script>alert(1)</script>').text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_a_strong_answer_is_called_strong(client: FlaskClient) -> None:
    page = client.get("/search?q=parking+ambulance+towed").text
    assert "Strong match." in page
    assert "The first passage fits your question well." in page


def test_a_strong_answer_that_lacks_a_word_is_not_said_to_fit_well(client: FlaskClient) -> None:
    question = "places behind the house kept free for the ambulance at all times promptly"
    page = client.get("/search", query_string={"q": question}).text
    verdict = page[page.index('<p class="verdict') : page.index('<span class="total">')]
    assert "Strong match." in verdict
    assert "fits your question well" not in verdict
    assert "has most of your question, but says it otherwise or leaves out:" in verdict
    assert "<q><bdi>promptly</bdi></q>" in verdict
    assert "lacks" not in verdict
    assert "lacks" not in page


def test_words_that_the_answer_lacks_are_named(client: FlaskClient) -> None:
    page = client.get("/search?q=ambulance+helicopter+submarine").text
    assert "<bdi>helicopter</bdi>" in page
    assert "<bdi>submarine</bdi>" in page
    assert "<bdi>ambulance</bdi>" not in page
    assert re.search(r"words( of your question)?:\s+<q>", page), "a space between what is said and the first"


def test_nothing_is_said_to_answer_only_when_nothing_matches(client: FlaskClient) -> None:
    page = client.get("/search?q=xylophone").text
    assert "Nothing in these documents answers this" in page
    assert "Nothing in these documents answers this" not in client.get("/search?q=parking+xylophone").text


def test_filters_narrow_the_answer_and_can_be_taken_back(client: FlaskClient) -> None:
    page = client.get("/search?q=reglas+de+visita+libro+book&lang=es").text
    assert "Reglas de visita" in page
    assert "Visits policy" not in page
    assert '<input type="hidden" name="lang" value="es">' in page
    narrowed = client.get("/search?q=unicorn&collection=house").text
    assert "Nothing in these documents answers this" in narrowed
    assert "Search all of them" in narrowed
    assert 'href="/search?q=unicorn"' in narrowed


def test_pages_of_results_follow_one_another_without_gap_or_repeat(
    services: Services, library: Services
) -> None:
    small = replace(library, settings=replace(library.settings, results_per_page=2))
    client = create_app(small).test_client()
    whole = re.findall(r'data-link="[^"]*/p/(\w+)"', client.get("/search?q=the+visits+desk+book").text)
    assert len(whole) == 2
    seen: list[str] = []
    address: str | None = "/search?q=the+visits+desk+book"
    while address:
        page = client.get(address).text
        seen += re.findall(r'data-link="[^"]*/p/(\w+)"', page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = following[1].replace("&amp;", "&") if following else None
    assert len(seen) > 2
    assert len(seen) == len(set(seen))


def test_a_page_past_the_last_says_so(client: FlaskClient) -> None:
    response = client.get("/search?q=parking&page=77")
    assert response.status_code == 200
    assert "There are no more passages" in response.text


@pytest.mark.parametrize("page", ["0", "-1", "x", "1e9", "99999999999999999999", ""])
def test_an_odd_page_number_is_no_error(client: FlaskClient, page: str) -> None:
    assert client.get(f"/search?q=parking&page={page}").status_code == 200


@pytest.mark.parametrize("question", ["", "   ", "%09"])
def test_an_empty_question_gets_the_start_page_with_a_hint(client: FlaskClient, question: str) -> None:
    response = client.get(f"/search?q={question}")
    assert response.status_code == 200
    assert "The box was empty" in response.text


@pytest.mark.parametrize("question", ["%3F%21", "%00", "-arrest", "lang:es", "\x07"])
def test_a_question_without_words_gets_advice(client: FlaskClient, question: str) -> None:
    response = client.get(f"/search?q={question}")
    assert response.status_code == 400
    assert "There is nothing to search for" in response.text


def test_a_very_long_question_is_answered_by_its_beginning(client: FlaskClient) -> None:
    response = client.get("/search?q=parking+" + "ambulance+" * 1000)
    assert response.status_code == 200
    assert "only its beginning was searched for" in response.text
    assert "ambulance" in response.text


def test_before_the_first_document_the_pages_say_what_to_do(empty: FlaskClient) -> None:
    start = empty.get("/")
    assert start.status_code == 200
    assert "No documents yet" in start.text
    assert "<code>kb ingest FOLDER</code>" in start.text
    asked = empty.get("/search?q=hello")
    assert asked.status_code == 503
    assert "No documents yet" in asked.text
    assert 'value="hello"' in asked.text


def test_an_index_of_another_version_is_named_with_its_remedy(services: Services) -> None:
    services.generations.folder.mkdir(parents=True, exist_ok=True)
    (services.generations.folder / "live").write_text("7")
    response = create_app(services).test_client().get("/search?q=hello")
    assert response.status_code == 503
    assert "The index must be built again" in response.text
    assert "<code>kb reindex</code>" in response.text

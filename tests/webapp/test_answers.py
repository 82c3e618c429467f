"""What is shown of answers beyond the passages: choices, copies, contradictions, short forms, reasons."""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.library import services_at, take_in
from webapp import create_app
from webapp.wiring import Services

PAGE = """<html lang="en"><head><title>{title}</title>
<meta property="article:published_time" content="{day}T08:00:00Z"></head>
<body><main><article><h1>{title}</h1><p>{words}</p></article></main></body></html>"""
WORDS = (
    "The Night Care Center (NCC) on Grove Street takes young people at any hour and gives out {beds} beds. "
    "Who comes later rings the bell at the side door. The person on duty keeps the book, and breakfast is "
    "from seven to nine. Nobody has to leave before the bus to school has come and gone."
)
VISITS = (
    "# Visits\n\nRelatives of children at the NCC visit on Sunday. They bring a card with a photograph.\n"
)
VISITAS = "# Visitas\n\nLos familiares de los niños vienen el domingo. Muestran una fotografía.\n"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder = tmp_path_factory.mktemp("answers")
    services = services_at(folder / "home", results_per_page=3)
    files = {
        "web/care.html": PAGE.format(title="Night care", day="2021-03-03", words=WORDS.format(beds=24)),
        "print/care.html": PAGE.format(
            title="Care, printed",
            day="2024-05-05",
            words=WORDS.format(beds=24).replace("book, and", "book and"),
        ),
        "old/care.html": PAGE.format(title="Night care", day="2019-01-01", words=WORDS.format(beds=18)),
        "web/visits.md": VISITS,
        "web/visitas.md": VISITAS,
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    take_in(services, folder / "web", folder / "print", folder / "old")
    yield services
    services.close()


@pytest.fixture
def client(library: Services) -> FlaskClient:
    return create_app(library).test_client()


def got(client: FlaskClient, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200, response.text
    return json.loads(response.data)


QUESTION = "q=how+many+beds+does+night+care+have"


class TestApi:
    def test_copies_are_folded_and_contradictions_told(self, client: FlaskClient) -> None:
        body = got(client, f"/api/v1/search?{QUESTION}")
        first = body["hits"][0]
        assert (first["source"]["collection"], first["source"]["day"]) == ("print", "2024-05-05")
        assert [(copy["source"]["collection"], copy["same_words"]) for copy in first["also_in"]] == [
            ("web", False)
        ]
        (conflict,) = body["conflicts"]
        assert conflict["kind"] == "number"
        assert [(each["value"], each["day"]) for each in conflict["values"]] == [
            ("24", "2024-05-05"),
            ("18", "2019-01-01"),
        ]
        texts = {hit["passage_id"]: hit["text"] for hit in body["hits"]}
        for each in conflict["values"]:
            assert texts[each["passage_id"]][each["start"] : each["end"]] == each["value"]
            assert each["source"]["title"]

    def test_facets_count_all_that_matches_and_filters_narrow(self, client: FlaskClient) -> None:
        body = got(client, "/api/v1/search?q=night+care&limit=1")
        facets = body["facets"]
        assert list(facets) == ["collection", "document", "type", "language", "year"]
        assert sum(each["count"] for each in facets["collection"]) == body["total"]
        assert {each["value"] for each in facets["year"]} >= {"2019", "2021", "2024"}
        assert {"value": "text/html", "count": 3, "name": "html"} in facets["type"]
        assert all(each["title"] for each in facets["document"])
        document = facets["document"][0]["value"]
        for narrow, total in (
            ("collection=old", 1),
            ("type=html", 3),
            ("type=pdf", 0),
            ("year=2021", 1),
            ("since=2021-01-01&until=2023-01-01", 1),
            (f"document={document}", 1),
        ):
            assert got(client, f"/api/v1/search?q=night+care&{narrow}")["total"] == total, narrow
        assert got(client, "/api/v1/search?q=night+care&facets=0")["facets"] is None

    def test_days_at_the_edge_are_inside_and_the_wrong_way_round_is_a_problem(
        self, client: FlaskClient
    ) -> None:
        for days, total in (
            ("since=2024-05-05&until=2024-05-05", 1),
            ("since=2024-05-06&until=2024-05-31", 0),
            ("until=2019-01-01", 1),
            ("year=2019&since=2019-01-01", 1),
            ("year=2019&since=2019-01-02", 0),
        ):
            assert got(client, f"/api/v1/search?q=night+care&{days}")["total"] == total, days
        response = client.get("/api/v1/search?q=night&since=2024-01-02&until=2024-01-01")
        assert response.status_code == 400
        assert "since" in json.loads(response.data)["detail"]

    def test_what_was_demanded_in_vain_is_named_and_the_probability_told(self, client: FlaskClient) -> None:
        body = got(client, "/api/v1/search?q=%22night+beds+for+care%22")
        assert body["unmet"] == ["night beds for care"]
        assert body["hits"]
        assert body["probability"] < 0.75
        assert got(client, f"/api/v1/search?{QUESTION}")["unmet"] == []

    def test_hits_can_be_had_by_day(self, client: FlaskClient) -> None:
        for sort, reverse in (("newest", True), ("oldest", False)):
            hits = got(client, f"/api/v1/search?q=night+care&sort={sort}")["hits"]
            days = [hit["source"]["day"] for hit in hits]
            assert days == sorted(days, reverse=reverse)

    def test_parts_of_a_score_add_up_and_are_told_in_words(self, client: FlaskClient) -> None:
        for hit in got(client, f"/api/v1/search?{QUESTION}&explain=1")["hits"]:
            explanation = hit["explanation"]
            assert explanation["score"] == pytest.approx(hit["score"], abs=1e-3)
            assert sum(part["score"] for part in explanation["parts"]) == pytest.approx(
                hit["score"], abs=1e-3
            )
            assert any("” is there: " in reason for reason in explanation["reasons"])
        assert got(client, f"/api/v1/search?{QUESTION}")["hits"][0]["explanation"] is None

    def test_short_forms_are_explained_and_searched_in_full(self, client: FlaskClient) -> None:
        body = got(client, "/api/v1/search?q=ncc+sunday")
        assert body["expansions"] == {
            "used": True,
            "words": [{"for": "ncc", "text": "Night Care Center"}],
        }
        visits = next(hit for hit in body["hits"] if "Sunday" in hit["text"])
        (short,) = visits["abbreviations"]
        assert visits["text"][short["start"] : short["end"]] == "NCC"
        assert short["long"] == "Night Care Center"
        assert client.get(f"/api/v1/passages/{short['passage_id']}").status_code == 200
        plain = got(client, "/api/v1/search?q=ncc+sunday&expand=0")
        assert plain["expansions"]["used"] is False
        scores, more = ([hit["score"] for hit in answer["hits"]] for answer in (plain, body))
        assert sum(scores) < sum(more)

    def test_a_slip_is_corrected(self, client: FlaskClient) -> None:
        assert got(client, "/api/v1/search?q=brekfast+time")["corrected"] == "breakfast time"
        assert got(client, "/api/v1/search?q=breakfast+time")["corrected"] is None

    def test_suggestions_come_from_titles_headings_and_words_of_the_collections_asked(
        self, client: FlaskClient
    ) -> None:
        body = got(client, "/api/v1/suggest?q=vis")
        assert body["query"] == "vis"
        assert {"text": "Visits", "kind": "title"} in body["suggestions"]
        assert got(client, "/api/v1/suggest?q=vis&collection=old")["suggestions"] == []
        assert got(client, "/api/v1/suggest")["suggestions"] == []

    def test_passages_like_one_are_found_both_ways(self, client: FlaskClient) -> None:
        own = got(client, f"/api/v1/search?{QUESTION}")["hits"][0]["passage_id"]
        body = got(client, f"/api/v1/search?like={own}")
        assert {**body, "took_ms": 0} == {
            **got(client, f"/api/v1/passages/{own.upper()}/similar"),
            "took_ms": 0,
        }
        assert body["hits"]
        assert own not in [hit["passage_id"] for hit in body["hits"]]
        assert client.get("/api/v1/search?like=000000000000").status_code == 404

    @pytest.mark.parametrize(
        "query",
        ["since=yesterday", "until=2024-13-01", "year=20", "sort=best", "expand=yes", "explain=2", "lang=fr"],
    )
    def test_a_value_that_means_nothing_is_a_problem(self, client: FlaskClient, query: str) -> None:
        response = client.get(f"/api/v1/search?q=night&{query}")
        assert response.status_code == 400
        assert query.split("=", maxsplit=1)[0] in json.loads(response.data)["detail"]

    def test_the_index_being_gone_leaves_suggestions_empty(self, empty: FlaskClient) -> None:
        assert json.loads(empty.get("/api/v1/suggest?q=vis").data)["suggestions"] == []


class TestPage:
    def test_a_contradiction_shows_both_values_with_documents_and_days(self, client: FlaskClient) -> None:
        page = client.get(f"/search?{QUESTION}").text
        block = page[page.index('<section class="conflict"') :]
        block = block[: block.index("</section>")]
        assert "Documents disagree on this figure" in block
        assert block.index("<bdi>24</bdi>") < block.index("<bdi>18</bdi>")
        assert "May 5, 2024" in block
        assert "January 1, 2019" in block
        (address,) = re.findall(r'href="(/p/\w+/beside/\w+)"', block)
        beside = client.get(address).text
        assert "<del>18</del>" in beside
        assert "<ins>24</ins>" in beside

    def test_it_is_told_in_spanish_too(self, client: FlaskClient) -> None:
        page = client.get(f"/search?{QUESTION}&ui=es").text
        assert "Los documentos no coinciden en esta cifra" in page
        assert "¿Por qué aquí?" in page
        assert "También en:" in page

    def test_a_copy_is_named_with_what_differs_one_click_away(self, client: FlaskClient) -> None:
        page = client.get(f"/search?{QUESTION}").text
        assert "Also in:" in page
        assert "in nearly the same words" in page

    def test_on_paper_each_document_named_has_a_number_that_leads_to_its_passage(
        self, client: FlaskClient
    ) -> None:
        page = client.get(f"/search?{QUESTION}").text
        (listed,) = re.findall(r'<ol class="addresses">(.*?)</ol>', page)
        leads = dict(enumerate(re.findall(r"<li>http://localhost/p/(\w+)</li>", listed), start=1))
        hits = re.findall(r'<li id="p-(\w+)">.*?data-note="(\d+)"', page, re.S)
        assert hits
        assert {passage: leads[int(number)] for passage, number in hits} == {one: one for one, _ in hits}
        assert {int(number) for number in re.findall(r'data-note="(\d+)"', page)} == set(leads)

    def test_choices_show_counts_and_keep_one_another(self, client: FlaskClient) -> None:
        page = client.get("/search?q=night+care&collection=web&sort=newest&expand=0").text
        assert '<bdi>print</bdi> <span class="count">1</span>' in page
        assert (
            'href="/search?q=night+care&amp;sort=newest&amp;expand=0&amp;collection=web&amp;collection=print"'
            in page
        )
        assert '<input type="hidden" name="sort" value="newest">' in page
        assert '<input type="hidden" name="expand" value="0">' in page
        assert "In order of the documents’ days" in page
        assert "Strong match" not in page

    def test_narrowing_to_nothing_offers_the_way_back(self, client: FlaskClient) -> None:
        page = client.get("/search?q=night+care&year=1999").text
        assert "Nothing in these documents answers this" in page
        assert 'href="/search?q=night+care">Search all of them' in page
        assert client.get("/search?q=night+care&since=nonsense&type=&sort=x&lang=fr").status_code == 200

    def test_days_the_wrong_way_round_are_turned(self, client: FlaskClient) -> None:
        page = client.get("/search?q=night+care&since=2024-12-31&until=2024-01-01").text
        assert 'name="since" value="2024-01-01"' in page
        assert 'name="until" value="2024-12-31"' in page
        assert "2024" in page
        assert "Nothing in these documents" not in page

    def test_a_quotation_that_no_passage_has_is_said_with_the_nearest(self, client: FlaskClient) -> None:
        page = client.get("/search?q=%22night+beds+for+care%22").text
        assert "No passage has these words as you asked for them" in page
        assert "<q><bdi>night beds for care</bdi></q>" in page
        assert '<article class="hit"' in page
        assert "Strong match" not in page
        spanish = client.get("/search?q=%22night+beds+for+care%22&ui=es").text
        assert "Ningún pasaje tiene estas palabras como las pidió" in spanish

    def test_did_you_mean_is_a_link(self, client: FlaskClient) -> None:
        page = client.get("/search?q=brekfast&collection=web").text
        assert (
            'Did you mean: <a href="/search?collection=web&amp;q=breakfast"><bdi>breakfast</bdi></a>' in page
        )

    def test_expansions_are_told_and_switched_off_by_one_click(self, client: FlaskClient) -> None:
        page = client.get("/search?q=NCC+sunday").text
        assert "Also searched for:" in page
        assert "<bdi>Night Care Center</bdi>" in page
        assert 'href="/search?q=NCC+sunday&amp;expand=0">Search my words only' in page
        assert '<abbr title="Night Care Center">' in page
        off = client.get("/search?q=NCC+sunday&expand=0").text
        assert "Not searched for:" in off
        assert 'href="/search?q=NCC+sunday">Search for them too' in off

    def test_why_a_hit_is_there_adds_up(self, client: FlaskClient) -> None:
        page = client.get("/search?q=breakfast+from+seven&collection=web").text
        (address, *_) = re.findall(r'href="(/search/why\?[^"]+)"', page)
        told = client.get(html.unescape(address))
        assert told.status_code == 200
        table = told.text[told.text.index('<div class="reasons">') :]
        parts = [float(found) for found in re.findall(r"<td>\+([\d.]+)</td>", table)]
        (whole,) = re.findall(r"<td>([\d.]+)</td>", table)
        assert "“breakfast” is there" in table
        assert sum(parts) == pytest.approx(float(whole), abs=0.01 * (len(parts) + 1))

    @pytest.mark.parametrize(
        "query",
        ["", "q=breakfast", "q=breakfast&rank=1&passage=0", "q=breakfast&rank=99&passage=0", "rank=1"],
    )
    def test_why_is_not_told_of_what_is_no_hit(self, client: FlaskClient, query: str) -> None:
        assert client.get(f"/search/why?{query}").status_code == 404

    def test_passages_like_one_have_a_page(self, client: FlaskClient) -> None:
        page = client.get(f"/search?{QUESTION}").text
        (address, *_) = re.findall(r'href="(/p/\w+/similar)"', page)
        like = client.get(address, follow_redirects=True)
        assert like.status_code == 200
        assert "Passages about the same as this one" in like.text
        assert 'id="hit-1"' in like.text

    def test_documents_cannot_write_markup_into_the_comparison(self, client: FlaskClient) -> None:
        assert client.get("/p/000000000000/beside/111111111111").status_code == 404


def test_status_and_health_tell_of_lines_that_cannot_be_used(client: FlaskClient, library: Services) -> None:
    path: Path = library.search.synonyms.path
    path.write_text("bus, coach\nlonely\n", encoding="utf-8")
    try:
        (fault,) = got(client, "/health/ready")["synonym_faults"]
        assert fault.startswith("line 2: ")
    finally:
        path.unlink()
    assert got(client, "/health/ready")["synonym_faults"] == []

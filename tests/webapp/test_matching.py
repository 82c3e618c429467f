"""Is a question taken along into a document, from hit to hit and back?"""

import re

from flask.testing import FlaskClient

from tests.webapp.conftest import source_at
from webapp.wiring import Services

QUESTION = "relatives+visitors+places+ambulance"


def passages(library: Services, place: str) -> list[str]:
    with library.catalog.reading() as transaction:
        return [one.id for one in transaction.passages.of_source(source_at(library, place).id)]


def test_each_hit_in_a_document_leads_to_the_next_and_the_one_before(
    client: FlaskClient, library: Services
) -> None:
    source = source_at(library, "visits.md")
    first = passages(library, "visits.md")[0]
    page = client.get(f"/documents/{source.id}?passage={first}&q={QUESTION}").text
    assert f'href="/search?q={QUESTION}#p-{first}"' in page
    assert 'class="match-before"' not in page
    visited = [first]
    while found := re.search(r'class="match-after" href="([^"]*)"', page):
        address = found[1].replace("&amp;", "&")
        passage = re.search(r"passage=(\w+)", address)
        assert passage is not None
        visited.append(passage[1])
        page = client.get(address).text
    assert visited == passages(library, "visits.md")
    assert f"Hit {len(visited)} of {len(visited)} in this document" in page
    assert re.search(rf'class="match-before" href="[^"]*passage={visited[-2]}&', page)


def test_the_words_of_the_question_are_marked_in_the_document(client: FlaskClient, library: Services) -> None:
    source = source_at(library, "visits.md")
    page = client.get(f"/documents/{source.id}?q=ambulance").text
    assert "<mark>ambulance</mark>" in page
    assert "1 hit in this document" in page


def test_a_question_of_no_use_does_not_keep_from_reading(client: FlaskClient, library: Services) -> None:
    source = source_at(library, "visits.md")
    answer = client.get(f"/documents/{source.id}?q=-")
    assert answer.status_code == 200
    assert "Relatives may visit" in answer.text


def test_words_are_found_in_a_document_without_scripts(client: FlaskClient, library: Services) -> None:
    source = source_at(library, "visitas.md")
    page = client.get(f"/documents/{source.id}?find=dieciseis+ANOS").text
    assert '<mark class="found" id="f-1">dieciséis años</mark>' in page
    assert "1 place has these words." in page
    assert "#f-1" in page
    assert "0 places have these words." in client.get(f"/documents/{source.id}?find=xylophone").text


def test_what_is_looked_for_is_text(client: FlaskClient, library: Services) -> None:
    source = source_at(library, "hostile.html")
    page = client.get(f"/documents/{source.id}?find=%3Cscript%3E").text
    assert 'value="&lt;script&gt;"' in page
    assert '<mark class="found" id="f-1">&lt;script&gt;</mark>' in page

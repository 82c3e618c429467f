import io
import zipfile
from pathlib import Path

import pytest

from kb.errors import SourceError
from tests.library import services_at, take_in, write
from webapp.links.checking import Found, check_links, corrected, corrections
from webapp.wiring import Services

PLAN = (
    "A safety plan names the people whom a young person trusts, and the places where they are safe at night."
)
NUMBER = "Call the county hotline at 800-555-0100. It answers day and night, in English and in Spanish."
GONE = "The office on Elm Street closed for good in March, and its files went to the archive downtown."


@pytest.fixture
def library(tmp_path: Path) -> Services:
    services = services_at(tmp_path / "home")
    write(tmp_path / "guides", plan=PLAN, number=NUMBER, gone=GONE, same="Visits are on Monday.")
    take_in(services, tmp_path / "guides")
    return services


def passage_ids(services: Services) -> dict[str, str]:
    """Return the id of each document's passage, by the document's name."""
    with services.catalog.reading() as transaction:
        return {
            Path(source.place).stem: transaction.passages.of_source(source.id)[0].id
            for source in transaction.sources.all()
        }


@pytest.fixture
def cited(library: Services, tmp_path: Path) -> dict[str, str]:
    """Return the ids of passages as they were cited, after three of the four documents changed."""
    before = passage_ids(library)
    write(
        tmp_path / "guides",
        plan=f"{PLAN} It is written with the young person and reviewed each month.",
        number=NUMBER.replace("800-555-0100", "800-555-0199"),
        gone="Nothing of what stood here is left: the new words speak of summer camps and swimming lessons.",
    )
    take_in(library, tmp_path / "guides")
    return before


def memo(cited: dict[str, str]) -> bytes:
    lines = [f"See https://kb.example.org/p/{passage_id}." for passage_id in cited.values()]
    return "\n".join([*lines, "and /p/0000000000zz"]).encode()


def test_each_link_is_told_what_became_of_it(library: Services, cited: dict[str, str]) -> None:
    found = {link.passage_id: link.found for link in check_links(memo(cited), library.catalog)}
    assert found == {
        cited["plan"]: Found.MOVED,
        cited["number"]: Found.CHANGED,
        cited["gone"]: Found.REMOVED,
        cited["same"]: Found.SAME,
        "0000000000zz": Found.UNKNOWN,
    }


def test_a_corrected_copy_leads_to_the_words_again(library: Services, cited: dict[str, str]) -> None:
    links = check_links(memo(cited), library.catalog)
    copy = corrected(memo(cited), corrections(links))
    again = {link.passage_id: link.found for link in check_links(copy, library.catalog)}
    now = passage_ids(library)
    assert again[now["plan"]] is Found.SAME
    assert cited["number"] in again, "a link to words that changed is left for a person to judge"
    every = check_links(corrected(memo(cited), corrections(links, changed=True)), library.catalog)
    assert {link.passage_id: link.found for link in every}[now["number"]] is Found.SAME


def test_links_in_office_files_are_found_and_corrected(library: Services, cited: dict[str, str]) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        target = f'<Relationship Target="https://kb.example.org/p/{cited["plan"]}" TargetMode="External"/>'
        archive.writestr("word/_rels/document.xml.rels", target)
        archive.writestr("word/media/image1.png", f"/p/{cited['same']}")
    links = check_links(made.getvalue(), library.catalog)
    assert [link.passage_id for link in links] == [cited["plan"]]
    copy = corrected(made.getvalue(), corrections(links))
    assert [link.found for link in check_links(copy, library.catalog)] == [Found.SAME]


def test_longer_paths_and_other_words_are_no_links(library: Services, cited: dict[str, str]) -> None:
    text = f"/p/{cited['plan']}zz /p/short https://example.org/plan/{cited['plan']}"
    assert check_links(text.encode(), library.catalog) == []


def test_a_pdf_is_not_rewritten() -> None:
    with pytest.raises(SourceError, match="PDF"):
        corrected(b"%PDF-1.7", {})

"""Is every file that cannot be opened refused with a reason, and every other one opened?"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.readers import pdf
from ingest.readers.pdf.addresses import addresses
from ingest.readers.pdf.render import page_png
from kb.errors import SourceEmpty, SourceError, SourceLocked, SourceUnreadable
from tests.functional.hostile_documents import pdf as made
from tests.ingest.readers.pdf.paper import LEFT, PROSE, TOP, Paper
from tests.ingest.readers.shape import assert_well_formed


def written(*, password: str | None = None) -> bytes:
    paper = Paper(password=password)
    paper.prose(PROSE, LEFT, TOP)
    return paper.content()


def test_a_file_encrypted_with_an_empty_password_opens() -> None:
    assert pdf.read(written(password="")).text == PROSE


def test_a_file_with_a_password_opens_with_it() -> None:
    assert pdf.read(written(password="acorn"), passwords=["oak", "acorn"]).text == PROSE


def test_without_its_password_a_file_is_refused_and_a_copy_asked_for() -> None:
    with pytest.raises(SourceLocked, match=r"plan\.pdf is locked with a password$") as caught:
        pdf.read(written(password="acorn"), name="plan.pdf")
    assert "without a password" in caught.value.remedy
    assert "KB_PASSWORD_FILE" in caught.value.remedy


def test_wrong_passwords_are_said_to_be_wrong_and_not_shown() -> None:
    with pytest.raises(SourceLocked, match="none that is known opens it") as caught:
        pdf.read(written(password="acorn"), passwords=["oak", "beech"])
    assert "oak" not in f"{caught.value}{caught.value.remedy}"


def test_a_password_with_letters_of_other_languages_opens() -> None:
    assert pdf.read(written(password="contraseña"), passwords=["contraseña"]).text == PROSE


@pytest.mark.parametrize("content", [b"", b"no PDF at all", b"<html>%PDF</html>"])
def test_what_is_no_pdf_is_said_to_be_none(content: bytes) -> None:
    with pytest.raises(SourceUnreadable, match="is not a PDF"):
        pdf.read(content, name="notes.pdf")


def test_a_file_cut_off_in_its_middle_is_read_or_said_to_be_damaged() -> None:
    with pytest.raises(SourceError, match=r"cut\.pdf"):
        pdf.read(written()[:400], name="cut.pdf")


def test_a_file_whose_table_of_places_is_wrong_is_read_all_the_same() -> None:
    assert pdf.read(b"\n" * 7 + written().replace(b"startxref", b"startxxxx")).text == PROSE


def test_a_blank_page_is_empty() -> None:
    paper = Paper()
    paper.page()
    with pytest.raises(SourceEmpty):
        paper.read()


def test_a_page_of_impossible_size_is_no_harm() -> None:
    paper = Paper((612.0, 5_000_000.0))
    paper.put("Tall", LEFT, 100)
    assert paper.read().text == "Tall"


CONTENT = written()


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(CONTENT) - 1), st.binary(min_size=1, max_size=12), st.integers(0, 40))
def test_damage_anywhere_gives_a_document_or_a_reason(at: int, noise: bytes, lost: int) -> None:
    try:
        document = pdf.read(CONTENT[:at] + noise + CONTENT[at + lost :])
    except SourceError:
        return
    assert_well_formed(document)


def test_a_page_that_is_damaged_is_named_when_it_is_to_be_drawn_or_looked_through() -> None:
    content = made(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 1/Parent 2 0 R>>")
    for look in (lambda: page_png(content, 1), lambda: addresses(content), lambda: pdf.read(content)):
        with pytest.raises(SourceUnreadable, match="page 1: damaged"):
            look()


def test_links_in_a_locked_pdf_are_found_with_its_password() -> None:
    assert "A worker who visits" in addresses(written(password="acorn"), passwords=["acorn"])[0]
    with pytest.raises(SourceLocked):
        addresses(written(password="acorn"))

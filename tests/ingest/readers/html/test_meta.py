"""Does a page's own word for its title, author, date and address reach the document, and nothing else?"""

from __future__ import annotations

from datetime import date

import pytest

from ingest.readers import html
from ingest.readers.html.dates import from_value, labelled
from kb.model import Document

WORDS = "<p>The office helps families find a home.</p>"


def read(head: str, body: str = WORDS) -> Document:
    markup = f"<html><head>{head}</head><body>{body}</body></html>"
    return html.read(markup.encode(), name="page.html")


@pytest.mark.parametrize(
    ("head", "author"),
    [
        ("<meta name=author content='By Ana Ruiz'>", "Ana Ruiz"),
        (
            "<meta name=citation_author content='A. Ruiz'><meta name=citation_author content='B. Lee'>",
            "A. Ruiz, B. Lee",
        ),
        ("<meta property='article:author' content='https://example.org/ana'>", ""),
        (
            '<script type="application/ld+json">{"@graph": [{"@type": "WebPage"}, {"@type": "Article",'
            ' "author": [{"name": "Ana Ruiz"}, {"name": "Bo Lee"}]}]}</script>',
            "Ana Ruiz, Bo Lee",
        ),
        ("<script type='application/ld+json'>not json</script>", ""),
        ('<script type="application/ld+json">' + "[" * 50_000 + "</script>", ""),
    ],
)
def test_an_author_is_a_name(head: str, author: str) -> None:
    assert read(head).author == author


@pytest.mark.parametrize(
    ("head", "body", "dated"),
    [
        (
            "<meta property='article:published_time' content='2023-04-05T23:30:00-05:00'>",
            WORDS,
            date(2023, 4, 5),
        ),
        ("<meta property='article:modified_time' content='2024-01-02'>", WORDS, date(2024, 1, 2)),
        ("<meta name='DC.date.issued' content='2021/7/9'>", WORDS, date(2021, 7, 9)),
        ("<meta name=date content='0000-00-00'>", WORDS, None),
        ("", f"<main>{WORDS}<time datetime=2020-02-29>leap day</time></main>", date(2020, 2, 29)),
        ("", f"{WORDS}<aside><time datetime=2020-02-29>another's</time></aside>", None),
        ("", f"{WORDS}<p>Last reviewed: March 5, 2024</p>", date(2024, 3, 5)),
        ("", f"{WORDS}<p>Fecha de actualización: 5 de marzo de 2024</p>", date(2024, 3, 5)),
        ("", f"{WORDS}<p>The law of March 5, 1998 says so.</p>", None),
    ],
)
def test_a_date_is_one_that_the_page_gives_itself(head: str, body: str, dated: date | None) -> None:
    assert read(head, body).dated == dated


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ("<link rel=canonical href=' https://example.org/help '>", "https://example.org/help"),
        ("<meta property='og:url' content='http://example.org/a'>", "http://example.org/a"),
        ("<link rel=canonical href='https://example.org/'><meta property='og:url' content='https://example.org/a'>",
         "https://example.org/a"),
        ("<link rel=canonical href='javascript:alert(1)'>", ""),
        ("<link rel=canonical href='/help'>", ""),
        ("<link rel=canonical href='https://user:secret@example.org/help'>", ""),
        ("<link rel=canonical href='https://[broken/help'>", ""),
    ],
)  # fmt: skip
def test_an_address_is_one_that_a_browser_can_follow(head: str, url: str) -> None:
    assert read(head).url == url


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-03-05", date(2024, 3, 5)),
        ("20240305T101500Z", date(2024, 3, 5)),
        ("March 5th, 2024", date(2024, 3, 5)),
        ("5 de setiembre de 2024", date(2024, 9, 5)),
        ("2024-13-05", None),
        ("9999-01-01", None),
        ("5", None),
    ],
)
def test_days_are_read_as_machines_and_people_write_them(text: str, day: date | None) -> None:
    assert from_value(text) == day


def test_a_day_without_a_label_says_nothing_of_the_page() -> None:
    assert labelled("We met on March 5, 2024.") is None
    assert labelled("Actualizado el 1 de abril del 2023") == date(2023, 4, 1)

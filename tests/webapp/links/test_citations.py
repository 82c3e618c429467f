import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.webapp.cited import cited
from webapp.links import citations
from webapp.links.citations import text_fragment

LINK = "https://kb.example.org/p/0123456789ab"


def test_a_sentence_names_the_words_the_document_the_page_and_the_link() -> None:
    said = citations.plain(cited(author="County of Ridge", dated=date(2024, 5, 6), pages=(3, 3)))
    assert said == (
        "“Call 800-555-0100. It answers at night.” (Hotlines & desks, p. 3, County of Ridge, 6 May 2024; "
        f"fetched 2 January 2026). {LINK}"
    )


def test_apa_names_author_day_and_retrieval() -> None:
    known = citations.apa(cited(author="County of Ridge", dated=date(2024, 5, 6), pages=(3, 4)))
    assert known == (
        f"County of Ridge. (2024, May 6). Hotlines & desks (pp. 3–4). Retrieved January 2, 2026, from {LINK}"
    )
    assert citations.apa(cited()).startswith("Hotlines & desks. (n.d.). Retrieved")


def test_bibtex_escapes_what_tex_would_take_for_a_command() -> None:
    entry = citations.bibtex(cited(author="Ana_Díaz", dated=date(2024, 5, 6), pages=(3, 4)))
    assert r"title = {{Hotlines \& desks}}," in entry
    assert r"author = {{Ana\_Díaz}}," in entry
    assert "pages = {3--4}," in entry
    assert entry.count("{") == entry.count("}")


def test_csl_json_is_what_reference_managers_read() -> None:
    (entry,) = json.loads(citations.csl_json(cited(dated=date(2024, 5, 6), pages=(3, 3))))
    assert entry["type"] == "document"
    assert entry["issued"] == {"date-parts": [[2024, 5, 6]]}
    assert entry["page"] == "3"
    assert entry["URL"] == LINK


def test_printed_page_labels_are_cited() -> None:
    assert cited(pages=(4, 4), label="iv").place == "p. iv"
    assert cited(pages=(2, 2), label="Budget 2024").place == "“Budget 2024”"


def test_words_are_never_markup_in_markdown() -> None:
    written = citations.markdown(cited(text="[click](http://evil) <b>*now*</b>"))
    assert written.startswith(r"> \[click\]\(http://evil\) \<b\>\*now\*\</b\>")
    assert f"]({LINK})" in written


def test_mail_quotes_every_line() -> None:
    assert citations.email(cited(text="One.\n\nTwo.")).startswith("> One.\n>\n> Two.\n\nHotlines")


def test_an_annotation_has_selectors_for_quote_position_and_page() -> None:
    made = json.loads(citations.annotation(cited(pages=(3, 3), media_type="application/pdf")))
    kinds = [selector["type"] for selector in made["target"]["selector"]]
    assert kinds == ["TextQuoteSelector", "TextPositionSelector", "FragmentSelector"]
    assert made["target"]["selector"][2]["value"] == "page=3"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Call now.", "https://a.org/x#:~:text=Call%20now."),
        ("self-help, now", "https://a.org/x#:~:text=self%2Dhelp%2C%20now"),
        (
            " ".join(f"w{n}" for n in range(20)),
            "https://a.org/x#:~:text=w0%20w1%20w2%20w3%20w4%20w5,w14%20w15%20w16%20w17%20w18%20w19",
        ),
    ],
)
def test_a_web_page_opens_at_the_words(text: str, expected: str) -> None:
    assert text_fragment("https://a.org/x", text) == expected
    assert text_fragment("file:///x", text) == ""


@given(st.text(max_size=80))
def test_no_title_breaks_a_citation(title: str) -> None:
    made = cited()
    hostile = replace(made, document=replace(made.document, title=title))
    assert json.loads(citations.csl_json(hostile))
    assert json.loads(citations.annotation(hostile))
    assert len(citations.bibtex(hostile).splitlines()) == len(citations.bibtex(made).splitlines())
    assert citations.plain(hostile).endswith(LINK)

"""Does a web page give its own content and nothing of its frame?"""

from __future__ import annotations

import pytest

from ingest.readers import html
from kb.model import Document
from tests.ingest.readers.shape import assert_well_formed

STORY = "The office helps families find a home that is near the school and the clinic. " * 4


def read(markup: str | bytes, name: str = "page.html") -> Document:
    document = html.read(markup if isinstance(markup, bytes) else markup.encode(), name=name)
    assert_well_formed(document)
    return document


def blocks(markup: str) -> list[tuple[str, int, str]]:
    document = read(markup)
    return [(block.kind.value, block.level, document.block_text(block)) for block in document.blocks]


PAGE = f"""<!doctype html><html><head><title>Finding a Home | County Office</title>
<script>var a = 1;</script></head>
<body class="has-sidebar"><header>County Office <nav><a href=/>Start</a> <a href=/b>Contact</a></nav></header>
<div id="cookie-banner">We use cookies.</div>
<main><h1>Finding a Home</h1><p>{STORY}</p><div class="share">Share this page</div>
<form><label>Search</label><input name=q></form><p hidden>Old text</p><p style="display: none">Older</p>
<p aria-hidden="true">Oldest</p><aside>See also</aside></main>
<footer>All rights kept</footer></body></html>"""


def test_the_frame_of_a_page_is_left_out() -> None:
    assert blocks(PAGE) == [("heading", 1, "Finding a Home"), ("paragraph", 0, STORY.strip())]


def test_the_title_goes_without_the_name_of_the_site() -> None:
    assert read(PAGE).title == "Finding a Home"


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<meta property='og:title' content='Winter help'><title>x</title>", "Winter help"),
        ("<title>Winter help for families - County Office</title>", "Winter help for families"),
        ("<title>Home</title></head><body><h1>Winter help</h1>", "Winter help"),
        ("", "Text that stands alone."),
    ],
)
def test_a_title_is_found_where_pages_state_it(head: str, title: str) -> None:
    assert read(f"<html><head>{head}<p>Text that stands alone.").title == title


def test_a_page_header_class_on_the_body_does_not_lose_the_page() -> None:
    assert (
        STORY.strip()
        in read(f"<body class='menu nav sidebar'><div class='menu'><p>{STORY}</p></div></body>").text
    )


def test_lists_nest_and_keep_their_numbers() -> None:
    markup = "<ul><li>Food<ol start=3><li>Rice<li>Beans</ol><li><p>Clothes</p><p>Warm ones.</p></ul>"
    assert blocks(markup) == [
        ("list_item", 1, "Food"),
        ("list_item", 2, "3. Rice"),
        ("list_item", 2, "4. Beans"),
        ("list_item", 1, "Clothes"),
        ("paragraph", 0, "Warm ones."),
    ]


def test_rows_of_a_table_are_lines_and_layout_tables_are_not() -> None:
    markup = "<table><caption>Hours</caption><tr><th>Day<th>Open<tr><td>Monday<td><p>8 to 5</p></table>"
    assert blocks(markup) == [
        ("caption", 0, "Hours"),
        ("table_row", 0, "Day | Open"),
        ("table_row", 0, "Monday | 8 to 5"),
    ]
    assert blocks("<table role=presentation><tr><td><p>One</p><td><p>Two</p></table>") == [
        ("paragraph", 0, "One"),
        ("paragraph", 0, "Two"),
    ]


def test_quotes_captions_code_and_terms_have_their_kinds() -> None:
    markup = (
        "<blockquote><p>Said.</p></blockquote>"
        "<figure><img src=a alt=b><figcaption>A house</figcaption></figure>"
        "<pre>a\n  b</pre><dl><dt>Kin<dd>Family by blood</dl>"
    )
    assert blocks(markup) == [
        ("quote", 0, "Said."),
        ("caption", 0, "A house"),
        ("code", 0, "a\n  b"),
        ("list_item", 1, "Kin"),
        ("list_item", 2, "Family by blood"),
    ]


def test_questions_in_a_row_of_details_head_their_answers() -> None:
    markup = (
        "<details><summary>Who pays?</summary>We do.</details>"
        "<details><summary>When?</summary>Soon.</details>"
    )
    assert [kind for kind, _, _ in blocks(markup)] == ["heading", "paragraph"] * 2


def test_line_breaks_phone_links_and_entities_keep_their_words() -> None:
    markup = (
        "<address>12 Long Street<br>Springfield &amp; area<br>"
        "<a href='tel:1'>800-555-0100</a> &#0;&bogus;</address>"
    )
    assert blocks(markup)[0][2].startswith("12 Long Street\nSpringfield & area\n800-555-0100")


def test_a_heading_inside_a_button_is_kept() -> None:
    assert blocks("<h2><button>Who may apply?</button></h2><p>All.</p><button>Send</button>") == [
        ("heading", 2, "Who may apply?"),
        ("paragraph", 0, "All."),
    ]


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", "nonsense"])
def test_a_wrongly_declared_encoding_does_no_harm(declared: str) -> None:
    markup = f"<meta charset={declared}><p>Niñez y atención</p>"
    assert read(markup.encode("utf-8")).text == "Niñez y atención"
    if declared != "utf-8":
        assert read(markup.encode("cp1252")).text == "Niñez y atención"


def test_a_declared_encoding_is_used_where_the_bytes_need_it() -> None:
    markup = "<meta charset=windows-1251><p>Семья и дом</p>"
    assert read(markup.encode("cp1251")).text == "Семья и дом"


def test_broken_markup_still_gives_its_words() -> None:
    assert read("<p>One <b>two <p>three</b> <li>four <td>five </div></span>").text.split() == [
        "One", "two", "three", "four", "five",
    ]  # fmt: skip

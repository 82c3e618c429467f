"""Does a web page give its own content and nothing of its frame?"""

from __future__ import annotations

import pytest

from ingest.readers import html
from kb.errors import SourceTooLarge
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


def test_rows_know_the_header_cells_above_them() -> None:
    document = read(
        "<table><thead><tr><th>Town<th colspan=2>Office</thead>"
        "<tr><td rowspan=2>Ash<td>1 Mill Road<td>555-0101<tr><td>9 Elm Square<td>555-0102</table>"
    )
    assert [(document.block_text(block), block.headers) for block in document.blocks] == [
        ("Town | Office", ()),
        ("Ash | 1 Mill Road | 555-0101", ("Town", "Office", "Office")),
        ("9 Elm Square | 555-0102", ("Office", "Office")),
    ]


def test_rows_without_a_header_above_have_none() -> None:
    document = read("<table><tr><th>Ash<td>1 Mill Road<tr><th>Birch<td>9 Elm Square</table>")
    assert [block.headers for block in document.blocks] == [(), ()]


def test_panels_are_headed_by_what_opens_them() -> None:
    markup = (
        f"<main><h2>Help</h2><p>{STORY}</p><ul role=tablist><li><a role=tab href='#a'>Food</a>"
        "<li><a role=tab href='#b'>Rent</a></ul><div id=a role=tabpanel><p>Boxes on Friday.</p></div>"
        "<div id=b role=tabpanel hidden><p>Up to a month.</p></div>"
        "<button aria-expanded=false aria-controls=c>Who pays?</button>"
        "<div id=c hidden>The county.</div></main>"
    )
    assert blocks(markup)[2:] == [
        ("heading", 3, "Food"),
        ("paragraph", 0, "Boxes on Friday."),
        ("heading", 3, "Rent"),
        ("paragraph", 0, "Up to a month."),
        ("heading", 3, "Who pays?"),
        ("paragraph", 0, "The county."),
    ]


ARTICLE = """<html><head><meta property="article:published_time" content="2024-05-06"></head><body>
<div class="top"><a href=/>The Maple Herald</a></div><div class="story"><h1>A new home for the library</h1>
{paragraphs}<p>Read more: <a href=/x>The old library closes</a></p></div>
<div class="bottom"><h3>More stories</h3><p>A bridge is painted green, and nobody talks of anything else.</p>
<p>Three goats were found on the roof of the post office.</p></div></body></html>"""


def test_an_article_is_read_without_what_stands_around_it() -> None:
    paragraphs = "".join(
        f"<p>{text} The council voted for it on Tuesday after a long debate about money and trees.</p>"
        for text in ("The library moves to the old mill.", "It opens in June.", "Volunteers carry the books.")
    )
    document = read(ARTICLE.format(paragraphs=paragraphs))
    assert document.text.count("The council voted") == 3
    assert not [words for words in ("Herald", "Read more", "More stories", "goats") if words in document.text]


def test_an_article_that_is_named_but_not_there_is_read_as_any_page() -> None:
    assert "goats" in read(ARTICLE.format(paragraphs="")).text


def deep(tag: str, depth: int) -> str:
    markup = f"<main>{f'<{tag}>' * depth}deep words{f'</{tag}>' * depth}<p>and after</p></main>"
    return html.read(markup.encode(), name="deep.html").text


@pytest.mark.parametrize("tag", ["blockquote", "ul", "table", "span", "aside"])
def test_a_page_nested_deep_is_read(tag: str) -> None:
    assert "deep words" in deep(tag, 3_000)


def test_a_page_nested_a_hundred_thousand_deep_is_read() -> None:
    assert "deep words" in deep("div", 100_000)


def test_a_page_of_millions_of_tags_is_refused_by_name() -> None:
    with pytest.raises(SourceTooLarge, match=r"page\.html has more than 2,000,000 tags"):
        read("<b>" * 2_000_001)


def test_a_word_of_a_million_letters_is_read() -> None:
    assert len(read(f"<main><p>{'a' * 1_000_000} and more</p></main>").text) > 1_000_000


def test_of_an_articles_captions_those_of_charts_stay_and_elsewhere_all_do() -> None:
    captions = ("Figure 2. Calls to the desk by month", "A clerk hands a family the form for the new year")
    figures = [f"<figure><img src=a.png><figcaption>{words}</figcaption></figure>" for words in captions]
    story = [f"<p>On day {number} of the term, {STORY}</p>" for number in range(6)]
    body = "".join(words + figure for words, figure in zip(story, figures, strict=False))
    page = f"<body><main><article><h1>Forms</h1>{body}{''.join(story[2:])}</article></main></body></html>"
    claim = "<meta property='og:type' content='article'>"
    for head, kept in ((claim, captions[:1]), ("", captions)):
        document = html.read(f"<html><head>{head}</head>{page}".encode(), name="page.html")
        found = [document.block_text(block) for block in document.blocks if block.kind.value == "caption"]
        assert tuple(found) == kept


def test_mail_addresses_that_a_service_hid_are_read_as_people_see_them() -> None:
    address = "ayuda@peña.org"
    code = "5a" + "".join(f"{byte ^ 0x5A:02x}" for byte in address.encode())
    hidden = f"<a href='/cdn-cgi' class='__cf_email__' data-cfemail='{code}'>[email&#160;protected]</a>"
    page = (
        f"<h1>Visits</h1><p>Write to {hidden} before you come, or call the office on any day of the week.</p>"
    )
    assert f"Write to {address} before you come" in html.read(page.encode()).text
    spoilt = page.replace(code, "5a5b5c5d5e")
    assert "Write to [email protected] before" in html.read(spoilt.encode()).text

"""Does Markdown read as the page it stands for?"""

from __future__ import annotations

from datetime import date

import pytest

from ingest.readers import markdown
from kb.model import Document
from tests.ingest.readers.shape import assert_well_formed


def read(text: str) -> Document:
    document = markdown.read(text.encode(), name="page.md")
    assert_well_formed(document)
    return document


def blocks(text: str) -> list[tuple[str, int, str]]:
    document = read(text)
    return [(block.kind.value, block.level, document.block_text(block)) for block in document.blocks]


def test_headings_paragraphs_and_nested_lists_keep_their_levels() -> None:
    text = "# Plan\n\nTwo\nlines.\n\n- Food\n  - Rice\n- Clothes\n\n3. Third\n4. Fourth\n"
    assert blocks(text) == [
        ("heading", 1, "Plan"),
        ("paragraph", 0, "Two lines."),
        ("list_item", 1, "Food"),
        ("list_item", 2, "Rice"),
        ("list_item", 1, "Clothes"),
        ("list_item", 1, "3. Third"),
        ("list_item", 1, "4. Fourth"),
    ]


def test_marks_of_emphasis_links_and_images_leave_their_words() -> None:
    text = (
        "**Call** [the office](tel:1) or see <https://example.gov/a>, https://example.gov/b. "
        "![A house](h.png) `x`"
    )
    assert read(text).text == "Call the office or see https://example.gov/a, https://example.gov/b. A house x"


def test_tables_quotes_and_code_have_their_kinds() -> None:
    text = "| Day | Open |\n|---|---|\n| Monday | 8 to 5 |\n\n> Said.\n\n```\na\n  b\n```\n"
    assert blocks(text) == [
        ("table_row", 0, "Day | Open"),
        ("table_row", 0, "Monday | 8 to 5"),
        ("quote", 0, "Said."),
        ("code", 0, "a\n  b"),
    ]
    assert [block.headers for block in read(text).blocks[:2]] == [(), ("Day", "Open")]


def test_front_matter_gives_the_title_and_is_not_text() -> None:
    document = read('---\nlayout: page\ntitle: "Winter: \\"help\\""\n---\n\n# Other\n\nText.\n')
    assert document.title == 'Winter: "help"'
    assert document.text == "Other\n\nText."


def test_a_rule_at_the_top_is_not_front_matter() -> None:
    assert read("---\nJust words\n---\nMore words\n").text == "Just words\n\nMore words"


def test_the_first_heading_is_the_title_where_none_is_stated() -> None:
    assert read("## Winter help\n\nText.\n").title == "Winter help"


def test_a_footnote_stands_after_the_block_that_cites_it() -> None:
    text = "First[^a].\n\nSecond.\n\n[^a]: The *note*\n    goes on.\n[^b]: Alone.\n"
    assert blocks(text) == [
        ("paragraph", 0, "First[a]."),
        ("footnote", 0, "[a] The note goes on."),
        ("paragraph", 0, "Second."),
        ("footnote", 0, "[b] Alone."),
    ]


def test_notes_keep_the_labels_of_their_author() -> None:
    text = "Fees[^count] and hours[^late], again[^count], not[^here].\n\n"
    text += (
        "[^late]: Until six.\n[^count]: See[^who].\n[^who]: The clerk.\n\n| Desk[^who] |\n|---|\n| North |\n"
    )
    assert blocks(text) == [
        ("paragraph", 0, "Fees[count] and hours[late], again[count], not[^here]."),
        ("footnote", 0, "[count] See[who]."),
        ("footnote", 0, "[late] Until six."),
        ("footnote", 0, "[who] The clerk."),
        ("table_row", 0, "Desk[who]"),
        ("table_row", 0, "North"),
    ]
    assert read(text).blocks[-1].headers == ("Desk[who]",)


def test_notes_that_cite_one_another_come_once() -> None:
    assert [words for _, _, words in blocks("A[^a].\n\n[^a]: To[^b].\n[^b]: Fro[^a].\n")] == [
        "A[a].",
        "[a] To[b].",
        "[b] Fro[a].",
    ]


@pytest.mark.parametrize(
    ("front", "author", "dated"),
    [
        ("---\nauthor: Ana Ruiz\ndate: 2024-03-05\n---\n", "Ana Ruiz", date(2024, 3, 5)),
        (
            "---\nauthors: [\"Ana Ruiz\", 'José O''Neil']\nlastmod: 2023-01-02\n---\n",
            "Ana Ruiz, José O'Neil",
            date(2023, 1, 2),
        ),
        (
            "---\nauthors:\n  - name: Ana Ruiz\n    role: clerk\n  - José Gil # desk\n---\n",
            "Ana Ruiz, José Gil",
            None,
        ),
        ('+++\nauthor = "Ruiz, Ana"\ndate = 2024-05-27T07:32:00Z\n+++\n', "Ruiz, Ana", date(2024, 5, 27)),
        ("---\nfecha: 5 de marzo de 2024\nautora: Ana\nupdated: 2025-01-01\n---\n", "Ana", date(2024, 3, 5)),
        ("---\ntitle: Visits\nauthor:\ndate: soon\n---\n", "", None),
    ],
)
def test_front_matter_states_author_and_day(front: str, author: str, dated: date | None) -> None:
    document = read(f"{front}\nThe visit takes an hour.\n")
    assert (document.author, document.dated) == (author, dated)
    assert document.text == "The visit takes an hour."


@pytest.mark.parametrize("mark", ["> ", ">", "- ", "1. ", "> - "])
def test_what_is_nested_deeper_than_anyone_reads_keeps_its_words(mark: str) -> None:
    assert "deep words" in read(mark * 5_000 + "deep words").text


def test_lists_indented_without_end_keep_their_words() -> None:
    text = read("".join(f"{'  ' * depth}- item {depth}\n" for depth in range(300))).text
    assert [f"item {depth}" in text for depth in range(300)] == [True] * 300


def test_links_whose_address_a_generator_makes_are_links() -> None:
    text = 'See [the guide]({{ "/guides/visits/" | url }}) and [the form]({{ site.base }}/form.pdf).\n'
    assert read(text).text == "See the guide and the form."


def test_footnote_marks_in_code_are_code() -> None:
    assert blocks("```\n[^a]: x\n```\n")[0] == ("code", 0, "[^a]: x")


def test_html_in_markdown_is_read_as_html() -> None:
    text = "<div>\n<p>In a <b>box</b></p>\n<script>a</script>\n</div>\n\nLine<br>end <span>here</span>.\n"
    assert blocks(text) == [("paragraph", 0, "In a box"), ("paragraph", 0, "Line\nend here.")]


def test_template_tags_are_not_text() -> None:
    text = "# Title { #anchor }\n\n{% include box.html %}\n\n{{ toc }}\n\nSee{% if x %} now{% endif %}.\n"
    assert read(text).text == "Title\n\nSee now."


def test_a_second_paragraph_of_an_item_is_a_paragraph() -> None:
    assert blocks("- One\n\n  More.\n- Two\n") == [
        ("list_item", 1, "One"),
        ("paragraph", 0, "More."),
        ("list_item", 1, "Two"),
    ]


def test_code_in_a_spanish_document_does_not_make_it_english() -> None:
    text = (
        "# Instalación\n\nPara empezar, instale el programa con esta orden en su propia máquina.\n\n"
        "```\nfor item in the_list_of_items:\n    print(item, end=' and then the next one')\n```\n\n"
        "Después abra la página y escriba su pregunta en el cuadro de búsqueda.\n"
    )
    document = markdown.read(text.encode())
    assert {block.language for block in document.blocks} == {"es"}


def test_words_in_angle_brackets_or_braces_stay_and_tags_go() -> None:
    text = "# Form\n\nWrite <name> and {{ date }} in the <b>first</b> line<br>and <sign> below."
    document = markdown.read(text.encode())
    assert document.text == "Form\n\nWrite <name> and {{ date }} in the first line\nand <sign> below."


def test_items_that_are_all_written_with_the_same_number_are_counted() -> None:
    text = "1. Call\n1. Write\n   1. in Spanish\n   1. in English\n1. Visit\n\nThen:\n\n3. Ask\n5. Close\n"
    items = [words for kind, _, words in blocks(text) if kind == "list_item"]
    assert items == [
        "1. Call",
        "2. Write",
        "1. in Spanish",
        "2. in English",
        "3. Visit",
        "3. Ask",
        "5. Close",
    ]


def test_attributes_behind_a_link_and_lines_that_a_generator_fills_in_are_out() -> None:
    text = (
        "See [the guide](https://a.org){.usa-link .usa-link--external} first.\n\n{* ../src/one.py hl[1] *}\n"
    )
    assert read(text).text == "See the guide first."

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from kb.model import Block, BlockKind, Document
from webapp.layout.prose import Look, as_html, compared, heading_tags, marked

HOSTILE = st.text(alphabet="ab <>&\"'\n", max_size=40)


def built(*pieces: tuple[BlockKind, str, int], language: str = "en") -> Document:
    """Return a document of blocks given as kind, text and level."""
    blocks, texts, at = [], [], 0
    for kind, text, level in pieces:
        blocks.append(Block(kind, at, at + len(text), level=level, language=language))
        texts.append(text)
        at += len(text) + 2
    return Document("Title", language, "\n\n".join(texts), tuple(blocks), "text/plain")


def whole(document: Document, look: Look = Look(language="en")) -> str:  # noqa: B008
    return str(as_html(document, start=0, end=len(document.text), look=look))


def words_of(markup: str) -> str:
    return html.unescape(re.sub("<[^>]*>", "", markup))


def test_items_of_a_list_nest_by_their_level() -> None:
    item = BlockKind.LIST_ITEM
    written = whole(built((item, "a", 1), (item, "b", 2), (item, "c", 3), (item, "d", 1)))
    assert written == (
        '<ul role="list"><li>a<ul role="list"><li>b<ul role="list"><li>c</li></ul></li></ul></li>'
        "<li>d</li></ul>"
    )


def test_a_list_may_begin_deeper_than_it_goes_on() -> None:
    item = BlockKind.LIST_ITEM
    assert whole(built((item, "a", 3), (item, "b", 1))) == '<ul role="list"><li>a</li><li>b</li></ul>'


def test_numbered_items_keep_their_own_numbers() -> None:
    item = BlockKind.LIST_ITEM
    written = whole(built((item, "4. four", 1), (item, "a) sub", 2)))
    assert '<ol role="list"><li class="numbered">4. four<ol' in written
    assert "a) sub" in written


def test_a_list_of_a_thousand_levels_is_drawn() -> None:
    written = whole(built(*[(BlockKind.LIST_ITEM, f"level {level}", level) for level in range(1, 1500)]))
    assert words_of(written).count("level") == 1499


def test_rows_of_a_table_have_cells() -> None:
    written = whole(built((BlockKind.TABLE_ROW, "Age | 12", 0), (BlockKind.TABLE_ROW, "Place | | x", 0)))
    assert "<tr><td>Age</td><td>12</td></tr>" in written
    assert "<tr><td>Place</td><td></td><td>x</td></tr>" in written


def test_every_kind_of_block_has_its_element() -> None:
    written = whole(
        built(
            (BlockKind.HEADING, "Head", 2),
            (BlockKind.QUOTE, "quoted", 0),
            (BlockKind.CODE, "x = 1\n  y", 0),
            (BlockKind.CAPTION, "Table 1", 0),
            (BlockKind.FOOTNOTE, "1 See there", 0),
        ),
        Look(language="en", headings={2: "h3"}),
    )
    assert '<h3 id="h-0">Head</h3>' in written
    assert "<blockquote><p>quoted</p></blockquote>" in written
    assert "<code>x = 1\n  y</code></pre>" in written
    assert '<p class="caption">Table 1</p>' in written
    assert '<div class="footnotes"><p>1 See there</p></div>' in written


def test_a_block_in_another_language_says_so() -> None:
    document = built((BlockKind.PARAGRAPH, "Hola", 0), language="es")
    assert whole(document) == '<p lang="es">Hola</p>'
    assert whole(document, Look(language="es")) == "<p>Hola</p>"


def test_the_start_of_a_passage_is_a_link_also_inside_a_paragraph() -> None:
    document = built((BlockKind.PARAGRAPH, "One two. Three four.", 0))
    written = whole(document, Look(language="en", anchors={0: "aaa", 9: "bbb"}, anchor_label="Link"))
    assert re.findall(r'<a class="anchor" id="p-(\w+)" href="/p/\w+" aria-label="([^"]*)"></a>', written) == [
        ("aaa", "Link: One two. Three four."),
        ("bbb", "Link: Three four."),
    ]
    assert re.search(r"One two\. <a [^>]*bbb[^>]*></a>Three four\.", written)


def test_the_link_of_a_passage_is_called_by_its_first_words_and_never_ends_its_attribute() -> None:
    text = 'He said "> <b>no</b>' + " and no" * 20
    document = built((BlockKind.PARAGRAPH, text, 0))
    written = whole(document, Look(language="en", anchors={0: "aaa"}, anchor_label="Link"))
    (label,) = re.findall(r'aria-label="([^"]*)"></a>He', written)
    assert html.unescape(label) == 'Link: He said "> <b>no</b> and no and no and no and no and no and…'


def test_a_stretch_clips_the_blocks_at_its_ends() -> None:
    document = built((BlockKind.PARAGRAPH, "One two. Three four.", 0), (BlockKind.PARAGRAPH, "Five.", 0))
    assert (
        str(as_html(document, start=9, end=24, look=Look(language="en"))) == "<p>Three four.</p>\n<p>Fi</p>"
    )


def test_words_are_marked_inside_the_best_sentence() -> None:
    assert str(marked("a bb c dd", (0, 9), words=[(2, 4), (7, 9)], sentence=[(0, 6)])) == (
        '<strong class="best">a <mark>bb</mark> c</strong> <mark>dd</mark>'
    )


def test_a_word_across_the_end_of_the_sentence_stays_well_formed() -> None:
    written = str(marked("abcdef", (0, 6), words=[(1, 5)], sentence=[(0, 3)]))
    assert written == '<strong class="best">a<mark>bc</mark></strong><mark>de</mark>f'


@given(HOSTILE, st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=4), st.data())
def test_marking_changes_no_word_and_lets_no_markup_through(
    text: str, spans: list[tuple[int, int]], data: st.DataObject
) -> None:
    words = sorted((min(span), max(span)) for span in spans)
    start = data.draw(st.integers(0, len(text)))
    written = str(marked(text, (start, len(text)), words=words, sentence=words[:1]))
    assert words_of(written) == text[start:]
    assert set(re.findall("<[^>]*>", written)) <= {"<mark>", "</mark>", '<strong class="best">', "</strong>"}


@given(
    st.lists(st.tuples(st.sampled_from(list(BlockKind)), HOSTILE.filter(str.strip)), min_size=1, max_size=8)
)
def test_documents_are_shown_word_for_word(pieces: list[tuple[BlockKind, str]]) -> None:
    document = built(*[(kind, text, 1) for kind, text in pieces])
    shown = words_of(whole(document))
    assert "".join(shown.split()) == "".join(document.text.split())


def test_headings_have_no_gaps_below_the_title() -> None:
    document = built(*[(BlockKind.HEADING, "x", level) for level in (2, 5, 9)])
    assert heading_tags(document.blocks) == {2: "h2", 5: "h3", 9: "h4"}


def test_changed_words_that_stand_together_are_marked_together() -> None:
    was, becomes = compared("open on weekdays from nine", "open every day from ten & on")
    assert was == "open <del>on weekdays</del> from <del>nine</del>"
    assert becomes == "open <ins>every day</ins> from <ins>ten &amp; on</ins>"


@given(HOSTILE, HOSTILE)
def test_a_comparison_shows_both_texts_whole(old: str, new: str) -> None:
    was, becomes = compared(old, new)
    assert (words_of(str(was)), words_of(str(becomes))) == (old, new)

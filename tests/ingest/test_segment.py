from __future__ import annotations

import itertools
import random
import time
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.segment import SIZES, segment
from kb.model import Block, BlockKind, Document, Span

HEADING, PARAGRAPH, ITEM = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.LIST_ITEM
VOCABULARY = "family court worker child home visit report plan safe help order right date school".split()


def prose(count: int, *, seed: int = 0, sentence: int = 12) -> str:
    """Return so many words in sentences of so many words."""
    chance = random.Random(seed)
    words = [chance.choice(VOCABULARY) for _ in range(count)]
    for place in range(0, count, sentence):
        words[place] = words[place].capitalize()
    for place in [*range(sentence - 1, count, sentence), count - 1]:
        words[place] = words[place].rstrip(".") + "."
    return " ".join(words)


def part(
    text: str, kind: BlockKind = PARAGRAPH, level: int = 0, **rest: object
) -> tuple[str, dict[str, object]]:
    return text, {"kind": kind, "level": level, "language": "en", **rest}


def document(parts: Iterable[tuple[str, dict[str, object]]], separator: str = "\n\n") -> Document:
    text = ""
    blocks = []
    for words, attributes in parts:
        start = len(text) + (len(separator) if text else 0)
        text = f"{text}{separator}{words}" if text else words
        blocks.append(Block(start=start, end=len(text), **attributes))  # type: ignore[arg-type]
    return Document("Title", "en", text, tuple(blocks), "text/plain")


def texts(read: Document, spans: Sequence[Span] | None = None) -> list[str]:
    return [read.text[span.start : span.end] for span in (segment(read) if spans is None else spans)]


def sizes(read: Document) -> list[int]:
    return [len(text.split()) for text in texts(read)]


class TestHeadings:
    def test_a_heading_stays_with_what_it_heads(self) -> None:
        read = document(
            [
                part("Guide", HEADING, 1),
                part("Rights", HEADING, 2),
                part(prose(30)),
                part("Duties", HEADING, 2),
                part(prose(30, seed=1)),
            ]
        )
        spans = segment(read)
        assert texts(read, spans) == [f"Guide\n\nRights\n\n{prose(30)}", f"Duties\n\n{prose(30, seed=1)}"]
        assert [span.headings for span in spans] == [("Guide", "Rights"), ("Guide", "Duties")]

    def test_later_passages_of_a_section_keep_its_headings(self) -> None:
        read = document([part("Rights", HEADING, 1), part(prose(100)), part(prose(100, seed=1))])
        assert [span.headings for span in segment(read)] == [("Rights",), ("Rights",)]

    def test_a_short_section_stays_on_its_own(self) -> None:
        read = document([part("One", HEADING, 1), part("Yes."), part("Two", HEADING, 1), part("No.")])
        assert texts(read) == ["One\n\nYes.", "Two\n\nNo."]

    def test_text_before_the_first_heading_has_no_headings(self) -> None:
        read = document([part(prose(5)), part("One", HEADING, 1), part(prose(5))])
        assert [span.headings for span in segment(read)] == [(), ("One",)]

    def test_a_long_heading_is_cut_in_the_path_and_not_in_the_passage(self) -> None:
        heading = "Rights of the child " * 12 + "end"
        read = document([part(heading, HEADING, 1), part(prose(10))])
        (span,) = segment(read)
        assert span.headings[0].endswith("…")
        assert len(span.headings[0]) <= 201
        assert texts(read, [span])[0].startswith(heading)

    def test_headings_at_the_end_go_with_the_last_passage(self) -> None:
        read = document(
            [part(prose(20), page=1), part("Notes", HEADING, 1, page=2), part("Index", HEADING, 2, page=3)]
        )
        (span,) = segment(read)
        assert texts(read, [span]) == [read.text]
        assert (span.first_page, span.last_page) == (1, 3)

    def test_a_document_of_headings_only_loses_nothing(self) -> None:
        read = document([part("Guide", HEADING, 1), part("Rights", HEADING, 2)])
        assert texts(read) == ["Guide\n\nRights"]

    def test_many_headings_in_a_row_are_contents_and_not_the_lead_of_what_follows(self) -> None:
        contents = [part(f"Chapter {number} of the guide", HEADING, 2) for number in range(40)]
        read = document([part("Guide", HEADING, 1), *contents, part(prose(70))])
        passages = texts(read)
        assert len(passages) > 1
        assert len(passages[-1].split()) <= 70 + 60
        assert passages[-1].endswith(prose(70))


class TestLists:
    def test_a_list_stays_with_the_paragraph_before_it(self) -> None:
        items = [part(prose(12, seed=n), ITEM, 1) for n in range(6)]
        read = document([part(prose(70)), part("You need these:"), *items, part(prose(70, seed=1))])
        assert [text.startswith("You need these:") for text in texts(read)] == [False, True, False]
        assert texts(read)[1].endswith(items[-1][0])

    def test_a_list_that_fits_is_not_cut(self) -> None:
        read = document([part("You need these:"), *(part(prose(16, seed=n), ITEM, 1) for n in range(10))])
        assert len(segment(read)) == 1

    def test_a_long_list_is_cut_between_outer_items_and_begins_with_its_paragraph(self) -> None:
        parts = [part("You need these:")]
        for number in range(12):
            parts.append(part(f"Outer {number}: {prose(12, seed=number)}", ITEM, 1))
            parts.extend(part(f"Inner: {prose(8, seed=number + k)}", ITEM, 2) for k in range(2))
        passages = texts(document(parts))
        assert len(passages) > 1
        assert passages[0].startswith("You need these:\n\nOuter 0")
        assert all(passage.startswith("Outer") for passage in passages[1:])
        assert all(60 <= len(passage.split()) <= SIZES.most for passage in passages)

    def test_rows_of_a_table_stay_together_with_their_caption(self) -> None:
        rows = [part(f"Office {n} | 555-010{n} | open | free", BlockKind.TABLE_ROW) for n in range(12)]
        read = document(
            [part(prose(80)), part("Table 1. Offices", BlockKind.CAPTION), *rows, part(prose(80))]
        )
        assert texts(read)[1].startswith("Table 1. Offices\n\nOffice 0")
        assert texts(read)[1].endswith(rows[-1][0])

    def test_a_footnote_inside_a_list_does_not_end_it(self) -> None:
        note = part("1 See the law.", BlockKind.FOOTNOTE)
        items = [part(prose(20, seed=n), ITEM, 1) for n in range(4)]
        read = document(
            [part(prose(90)), part("You need these:"), items[0], note, *items[1:], part(prose(90))]
        )
        assert texts(read)[1].startswith("You need these:")
        assert texts(read)[1].endswith(items[-1][0])

    def test_one_item_between_paragraphs_goes_with_what_follows(self) -> None:
        read = document([part(prose(70)), part("2. Send the form", ITEM, 1), part(prose(70, seed=1))])
        assert texts(read)[1].startswith("2. Send the form")

    def test_a_long_table_is_cut_between_rows(self) -> None:
        rows = [part(f"Row {n}: {prose(9, seed=n)}", BlockKind.TABLE_ROW) for n in range(60)]
        passages = texts(document(rows))
        assert all(passage.startswith("Row ") and len(passage.split()) <= SIZES.most for passage in passages)

    @pytest.mark.parametrize("kind", [BlockKind.FOOTNOTE, BlockKind.CAPTION])
    def test_a_footnote_or_caption_stays_with_the_block_before_it(self, kind: BlockKind) -> None:
        read = document([part(prose(90)), part(prose(12, seed=3), kind), part(prose(90, seed=1))])
        assert texts(read)[0].endswith(prose(12, seed=3))
        assert len(segment(read)) == 2


class TestSizes:
    def test_short_paragraphs_are_joined_and_long_ones_stand_alone(self) -> None:
        read = document(part(prose(20, seed=n)) for n in range(30))
        assert all(60 <= size <= SIZES.most for size in sizes(read))
        read = document(part(prose(100, seed=n)) for n in range(5))
        assert sizes(read) == [100] * 5

    def test_a_short_end_joins_the_paragraph_before_it(self) -> None:
        assert sizes(document([part(prose(100)), part(prose(20))])) == [120]
        assert sizes(document([part(prose(178)), part(prose(20))])) == [198]

    def test_a_long_paragraph_is_cut_at_sentences_into_even_parts(self) -> None:
        read = document([part(prose(240))])
        assert sizes(read) == [120, 120]
        assert all(text.endswith(".") for text in texts(document([part(prose(1200))])))
        assert all(60 <= size <= SIZES.most for size in sizes(document([part(prose(1200))])))

    @pytest.mark.parametrize("mark", [";", ",", ""])
    def test_an_endless_sentence_is_cut_inside(self, mark: str) -> None:
        text = " ".join(f"word{mark if n % 10 == 9 else ''}" for n in range(1003))
        passages = texts(document([part(text)]))
        assert all(60 <= len(passage.split()) <= SIZES.limit for passage in passages)
        assert all(passage.endswith(f"word{mark}") for passage in passages[:-1])

    def test_an_endless_word_is_cut(self) -> None:
        passages = texts(document([part("x" * 1_000_000)]))
        assert "".join(passages) == "x" * 1_000_000
        assert max(map(len, passages)) <= 4000

    def test_scripts_without_spaces_are_cut_too(self) -> None:
        passages = texts(document([part("这是一个关于儿童权利的句子。" * 100, language="other")]))
        assert all(passage.endswith("。") and len(passage) <= 200 for passage in passages)

    def test_a_large_document_is_cut_in_time_that_grows_with_it(self) -> None:
        read = document([part(prose(40)) for _ in range(2000)] + [part(prose(50_000))], separator="\n")
        segment(document([part(prose(400))]))
        began = time.perf_counter()
        segment(read)
        assert time.perf_counter() - began < 10

    def test_a_line_like_a_title_goes_with_what_follows(self) -> None:
        parts = [
            part(prose(30, seed=1)),
            part(prose(40, seed=2)),
            part("Where to go"),
            part(prose(40, seed=3)),
        ]
        read = document([*parts, part(prose(30, seed=4))])
        assert texts(read)[1].startswith("Where to go")


class TestLanguagesAndPages:
    def test_two_languages_are_never_mixed(self) -> None:
        read = document(
            [part("Rights", HEADING, 1), part("Call us."), part("Llámenos.", language="es"), part("Free.")]
        )
        spans = segment(read)
        assert [span.language for span in spans] == ["en", "es", "en"]
        assert texts(read, spans)[0] == "Rights\n\nCall us."

    def test_pages_are_those_of_the_blocks(self) -> None:
        read = document(
            [part("Rights", HEADING, 1, page=1), part(prose(30), page=2), part(prose(40), page=3)]
        )
        assert [(span.first_page, span.last_page) for span in segment(read)] == [(1, 3)]
        assert [span.first_page for span in segment(document([part("No pages here.")]))] == [None]


def test_an_empty_document_has_no_passages() -> None:
    assert segment(Document("", "en", "", (), "text/plain")) == []


def test_indented_code_keeps_its_words_and_loses_only_white_space_at_the_ends() -> None:
    read = document([part("Run this:"), part("    one\n        two", BlockKind.CODE)], separator="\n\n")
    assert texts(read) == ["Run this:\n\n    one\n        two"]
    assert texts(document([part("    one\n        two", BlockKind.CODE)])) == ["one\n        two"]


@pytest.mark.parametrize("lengths", [[5, 20, 40, 60, 80, 120, 200, 400], [40], [20], [30, 80], [300]])
def test_an_edit_changes_only_the_passages_near_it(lengths: list[int]) -> None:
    chance = random.Random(1)
    parts = [part(prose(chance.choice(lengths), seed=n)) for n in range(40)]
    before = texts(document(parts))
    changed = []
    for place in range(0, len(parts), 3):
        text, attributes = parts[place]
        words = text.split()
        edited = " ".join([*words[: len(words) // 2], *["more"] * 20, *words[len(words) // 2 :]])
        after = set(texts(document([*parts[:place], (edited, attributes), *parts[place + 1 :]])))
        changed.append(sum(passage not in after for passage in before))
    assert max(changed) <= 4
    assert sum(changed) / len(changed) < 1.6


KINDS = st.sampled_from([*BlockKind, PARAGRAPH, PARAGRAPH, ITEM])
WORDS = st.sampled_from(
    ["word", "the", "Law", "law.", "“end.”", "and,", "so;", "Who?", "1.", "is:", "x" * 30, "法律。"]
)
BLOCKS = st.builds(
    lambda words, times, kind, level, language, page: (
        " ".join(words[:7] if kind is HEADING else words * times),
        {
            "kind": kind,
            "level": level if kind in (HEADING, ITEM) else 0,
            "language": language,
            "page": page,
        },
    ),
    words=st.lists(WORDS, min_size=1, max_size=20),
    times=st.sampled_from([1, 1, 1, 3, 20]),
    kind=KINDS,
    level=st.integers(1, 3),
    language=st.sampled_from(["en", "en", "en", "es", "other"]),
    page=st.one_of(st.none(), st.integers(1, 9)),
)
DOCUMENTS = st.builds(document, st.lists(BLOCKS, max_size=12), st.sampled_from(["\n", "\n\n"]))


def held(read: Document, span: Span) -> list[Block]:
    return [block for block in read.blocks if block.start < span.end and block.end > span.start]


def path(read: Document, place: int) -> tuple[str, ...]:
    """Return the headings above a block, computed backwards from it."""
    found: list[str] = []
    level = 99
    for block in reversed(read.blocks[:place]):
        if block.kind is HEADING and block.level < level:
            level = block.level
            found.insert(0, read.block_text(block))
    return tuple(found)


@given(DOCUMENTS)
@settings(deadline=None, max_examples=60)
def test_passages_cover_a_document_in_order(read: Document) -> None:
    spans = segment(read)
    assert spans == segment(read)
    assert all(before.end <= after.start for before, after in itertools.pairwise(spans))
    assert all(text and text == text.strip() for text in texts(read, spans))
    assert "".join("".join(texts(read, spans)).split()) == "".join(read.text.split())


@given(DOCUMENTS)
@settings(deadline=None, max_examples=60)
def test_headings_stand_only_before_what_they_head(read: Document) -> None:
    spans = segment(read)
    for span in spans:
        blocks = held(read, span)
        kinds = [block.kind is HEADING for block in blocks]
        if all(kinds):
            continue
        body = [place for place, block in enumerate(blocks) if block.kind is not HEADING]
        assert not any(kinds[body[0] : body[-1]])
        assert not any(kinds[body[-1] + 1 :]) or blocks[-1] is read.blocks[-1]
        assert span.headings == path(read, read.blocks.index(blocks[body[0]]))
        following = read.blocks[read.blocks.index(blocks[-1]) + 1 :]
        assert not kinds[-1] or not following


@given(DOCUMENTS)
@settings(deadline=None, max_examples=60)
def test_a_passage_has_one_language_and_the_pages_of_its_blocks(read: Document) -> None:
    for span in segment(read):
        blocks = held(read, span)
        body = [block for block in blocks if block.kind is not HEADING] or blocks
        assert {block.language for block in body} == {span.language}
        pages = [block.page for block in blocks if block.page is not None]
        assert (span.first_page, span.last_page) == (min(pages, default=None), max(pages, default=None))


@given(DOCUMENTS)
@settings(deadline=None, max_examples=60)
def test_no_passage_is_longer_than_the_limit(read: Document) -> None:
    for span in segment(read):
        body = [block for block in held(read, span) if block.kind is not HEADING]
        if body:
            inside = read.text[max(span.start, body[0].start) : min(span.end, body[-1].end)]
            assert len(inside.split()) <= SIZES.limit

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.readers.richtext.rtf import read
from kb.errors import SourceError, SourceUnreadable
from kb.model import Document
from tests.ingest.readers.shape import assert_well_formed

_HEAD = (
    r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}{\f1\fcharset2 Symbol;}{\f2\fcharset128 Gothic;}}"
    r"{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 heading 1;}{\s2\sbasedon1 House;}{\s3 Quote;}{\s4 toc 1;}}"
    r"{\*\listtable{\list{\listlevel\levelnfc4\levelstartat1{\leveltext\'02\'00);}}\listid9}"
    r"{\list{\listlevel\levelnfc23}\listid8}}"
    r"{\*\listoverridetable{\listoverride\listid9\ls1}{\listoverride\listid8\ls2}}"
    r"{\info{\title Old template}{\author Ana Ruiz}{\revtim\yr2024\mo3\dy5}}"
    r"{\header\pard Agency of the State\par}{\*\unknown hidden words}"
)


def rtf(body: str, head: str = _HEAD) -> Document:
    return read((head + body + "}").encode("latin-1"))


def seen(document: Document) -> list[tuple[str, int, str]]:
    assert_well_formed(document)
    return [(block.kind.value, block.level, document.block_text(block)) for block in document.blocks]


def test_styles_make_headings_and_quotes_and_what_is_not_shown_is_out() -> None:
    document = rtf(
        r"\pard\s1 Visits\par\pard\s2 Rules\par\pard\s4 Visits\tab 3\par"
        r"\pard They are {\v secret}{\deleted monthly }weekly, co\-op{\b ted}.\par\pard\s3 Listen first.\par"
    )
    assert seen(document) == [
        ("heading", 1, "Visits"),
        ("heading", 1, "Rules"),
        ("paragraph", 0, "They are weekly, coopted."),
        ("quote", 0, "Listen first."),
    ]
    assert (document.title, document.author, document.dated) == ("Visits", "Ana Ruiz", date(2024, 3, 5))


def test_characters_come_out_right_in_every_way_of_writing_them() -> None:
    body = r"\pard A\'f1o \u8364?5 \uc0\u241 \'93so\'94 \emdash  {\f2\'83\'65} \u-10179\u-8704\~end \{x\}\par"
    assert seen(rtf(body))[0][2] == "Año €5 ñ“so” — テ 😀 end {x}"


def test_type_too_small_to_be_read_is_out() -> None:
    document = rtf(
        r"\pard {\fs2 .0}{\fs20 Late payment}{\fs1 x}\par\pard {\fs4 .}\fs24 Small print {\fs8 stays}.\par"
    )
    assert [text for _, _, text in seen(document)] == ["Late payment", "Small print stays."]


def test_list_items_have_their_mark_spelt_out_or_counted() -> None:
    spelt = r"\pard{\listtext 1.\tab}\ls1 Call\par\pard{\listtext\f1\'b7\tab}\ls2 Pillow\par"
    assert seen(rtf(spelt)) == [("list_item", 1, "1. Call"), ("list_item", 1, "Pillow")]
    counted = r"\pard\ls1\ilvl0 Call\par Write\par\pard\ls2 Pillow\par\pard Done\par"
    assert seen(rtf(counted)) == [
        ("list_item", 1, "a. Call"),
        ("list_item", 1, "b. Write"),
        ("list_item", 1, "Pillow"),
        ("paragraph", 0, "Done"),
    ]


def test_tables_are_rows_with_headers_and_merged_cells_speak_for_their_rows() -> None:
    body = (
        r"\trowd\trhdr\cellx100\cellx200\pard\intbl Region\cell Office\cell\row"
        r"\trowd\clvmgf\cellx100\cellx200\pard\intbl North\cell Pine\cell\row"
        r"\trowd\clvmrg\cellx100\cellx200\pard\intbl\cell Oak\cell\row\pard After\par"
    )
    document = rtf(body)
    assert [text for _, _, text in seen(document)] == [
        "Region | Office",
        "North | Pine",
        "North | Oak",
        "After",
    ]
    assert document.blocks[2].headers == ("Region", "Office")


def test_notes_and_text_boxes_follow_the_paragraph_that_holds_them() -> None:
    body = (
        r"\pard Weekly{\super\chftn}{\footnote\pard{\super\chftn} Or more.} visits."
        r"{\shp{\*\shpinst{\sp{\sn x}{\sv 1}}{\shptxt\pard In the box\par}}}\par\pard End.\par"
    )
    assert seen(rtf(body)) == [
        ("paragraph", 0, "Weekly[1] visits."),
        ("footnote", 0, "[1] Or more."),
        ("paragraph", 0, "In the box"),
        ("paragraph", 0, "End."),
    ]


def test_fields_show_their_result_and_pictures_nothing() -> None:
    body = r"\pard See {\field{\*\fldinst HYPERLINK x}{\fldrslt the manual}}"
    body += r"{\pict\wmetafile8 0102ff}{\bin3 }}}.\par"
    assert seen(rtf(body))[0][2] == "See the manual."


@pytest.mark.parametrize("content", [b"plain words", b"{\\rtf1" + b"{" * 600])
def test_what_is_no_rich_text_is_refused(content: bytes) -> None:
    with pytest.raises(SourceUnreadable):
        read(content)


_MARKS = st.sampled_from(
    r"{ } \par \pard \cell \row \trowd \cellx9 \intbl \nestcell \nestrow \itap2"
    r" {\footnote \chftn {\listtext \ls1 \*"
    r" {\stylesheet \s1 \u9731? \'e9 \bin9 word \v \v0 {\fonttbl \f1"
    r" {\info {\title {\shptxt \uc3 \sect".split()
)


@settings(deadline=None)
@given(st.lists(_MARKS, max_size=40))
def test_any_mixture_of_control_words_is_read_or_refused(marks: list[str]) -> None:
    try:
        document = read(("{\\rtf1 " + " ".join(marks)).encode())
    except SourceError:
        return
    assert_well_formed(document)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (rb"\ansi\ansicpg1252 a\uc2\u233\'c3\'a9b {\uc1 it\u8217?s}", "aéb it’s"),
        (rb"\ansi\ansicpg1251{\fonttbl{\f0\fcharset204 A;}}\f0 \'cf\'f0\'e8\'e2\'e5\'f2", "Привет"),
        (rb"\ansi\ansicpg1250 \'b9\'e6\'ea", "ąćę"),
        (rb"\mac \'8e\'92 texto", "éí texto"),
        (rb"\pc \'a4 texto", "ñ texto"),
        (rb"\ansi\uc1 \u-10179?\u-8704? face \u-257? end", "😀 face \ufeff end"),
    ],
)
def test_letters_are_read_in_the_code_page_that_holds_where_they_stand(body: bytes, text: str) -> None:
    assert read(rb"{\rtf1" + body + b"}").text == " ".join(text.replace("\ufeff", "").split())

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import notes
from index.alike.statements import is_code, named, sentences, telling, telling_names
from index.alike.values import has_value
from index.library.acronyms import written
from index.library.store import Library, packed_keys
from index.notes import Note, made, packed, unpacked
from kb.model import Passage

TEXT = (
    "Section 300 of AB 12 gives Grove House some 40 dollars a night. The DMH's desk (555-010-4477) is open, "
    "since May 5, 2021.\nLos Ángeles County's CFTs meet; ask Ana María López about form W-9 and SB-855."
)
WORDS = "Grove House The AB SB-855 12 W-9 5 is of Ana's ÁB_Cd x1y CFTs, DMH. (9) 2014-05-06 five\n".split(" ")


def passage(text: str, *headings: str, language: str = "en") -> Passage:
    return Passage("p-1", "s-1", 0, 0, len(text), text, headings, language)


def kept(one: Passage) -> tuple[bytes, bytes]:
    found = made(one)
    return packed_keys(found.sketch.keys), packed(one, found)


def same(one: Note, other: Note) -> bool:
    assert one.sketch.buckets.tolist() == other.sketch.buckets.tolist()
    assert (one.sketch.runs, one.sketch.keys) == (other.sketch.runs, other.sketch.keys)
    return (one.wording, one.telling, one.names, one.short_forms) == (
        other.wording,
        other.telling,
        other.names,
        other.short_forms,
    )


@given(st.text(max_size=60) | st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join))
def test_a_note_comes_back_as_it_was_made(text: str) -> None:
    one = passage(text, "A heading")
    found = unpacked(one, *kept(one))
    assert found is not None
    assert same(found, made(one))


def test_a_note_says_what_a_passage_names_and_which_short_forms_it_has() -> None:
    found = made(passage(TEXT))
    assert found.names is not None
    assert found.names.code == "300"
    assert "Grove House" in found.names.every
    assert [TEXT[slice(*place)] for place in found.short_forms] == ["AB", "DMH", "CFT", "SB-855"]


def test_the_names_of_a_sentence_are_told_by_odd_numbers_and_codes_by_even_ones() -> None:
    found = made(passage("Grove House pays under Section 300 for 40 nights. Ask Hill House about SB-855."))
    elsewhere = made(passage("By Section 300 the court of Orange County pays for 7 nights.")).telling
    assert sorted(number % 2 for number in found.telling) == [0, 0, 1, 1]
    assert {number % 2 for number in set(found.telling) & set(elsewhere)} == {0}


@pytest.mark.parametrize(
    "other",
    [
        passage(TEXT.replace("40", "50"), "Money"),
        passage(TEXT, "Beds"),
        passage(TEXT, "Money", language="es"),
    ],
)
def test_a_note_on_other_words_headings_or_language_is_not_taken(other: Passage) -> None:
    assert unpacked(other, *kept(passage(TEXT, "Money"))) is None


@pytest.mark.parametrize("at", [0, 9, 40, -1])
def test_a_damaged_note_is_not_taken(at: int) -> None:
    one = passage(TEXT)
    keys, note = kept(one)
    damaged = bytearray(note)
    damaged[at] ^= 4
    assert unpacked(one, keys, bytes(damaged)) is None


def test_a_sketch_is_read_without_the_words_of_its_passage_unless_it_is_damaged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Kept(Library):
        def rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
            keys, note = kept(passage(TEXT))
            return [("p-1", keys, note), ("p-2", keys, note[:-1] + b"?"), ("p-3", keys, b"")]

    monkeypatch.setattr(notes, "_known", OrderedDict())
    found = notes.sketches(["p-1", "p-2", "p-3", "p-4"], Kept(Path()))
    assert list(found) == ["p-1"]
    assert found["p-1"].buckets.tolist() == made(passage(TEXT)).sketch.buckets.tolist()


def test_of_a_very_long_passage_no_note_is_kept() -> None:
    one = passage("word " * 20_000)
    assert packed(one, made(one)) == b""
    assert unpacked(one, b"", b"") is None


def test_a_note_stays_true_when_only_the_place_of_its_passage_changes() -> None:
    one = passage(TEXT)
    assert unpacked(replace(one, start=7, ordinal=3), *kept(one)) is not None


@given(st.text("AbÁ1 ._-(5'", max_size=40) | st.lists(st.sampled_from(WORDS), max_size=20).map(" ".join))
def test_sentences_are_passed_over_only_where_they_have_too_few_names(text: str) -> None:
    one = passage(text)
    figures = [each for each in sentences(one) if has_value(text, (each.start, each.end))]
    expected = [each for each in figures if len(each.names) >= 2]
    assert list(named(one)) == expected
    codes = {frozenset((name,)) for each in expected for name in each.names if is_code(name)}
    assert telling(one) == {frozenset(each.names) for each in expected} | codes
    assert (telling_names(one) is not None) <= any(len(each.names) >= 3 for each in expected)


@given(st.text("ABab1.-/&_ és'", max_size=40) | st.lists(st.sampled_from(WORDS), max_size=20).map(" ".join))
def test_short_forms_are_found_stretch_by_stretch_as_in_the_whole_text(text: str) -> None:
    plain: dict[str, tuple[int, int]] = {}
    for match in re.finditer(r"(?<![\w.])[^\W\d_](?:[.\-/&]?[^\W_]){1,9}(?!\w)", text):
        word = re.sub(r"(?<=[A-ZÁÉÍÓÚÑ])['’]?s\Z", "", match.group())
        if sum(map(str.isupper, word)) >= 2:
            plain.setdefault(word, (match.start(), match.start() + len(word)))
    assert list(written(text)) == list(plain.values())


def test_notes_of_one_answer_stay_though_others_fill_what_is_remembered(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(notes, "_known", OrderedDict())
    monkeypatch.setattr(notes, "_REMEMBERED", 4)
    nothing = Library(tmp_path)
    several = [replace(passage(f"Rule {number} is kept."), id=f"p-{number}") for number in range(7)]
    first, *others = [(one, notes.note(one)) for one in several[:3]]
    notes.note(several[3])
    notes.look_up([first[0]], nothing)
    for one in several[4:6]:
        notes.note(one)
    assert notes.note(first[0]) is first[1]
    assert list(notes._known) == ["p-3", "p-0", "p-4", "p-5"]
    assert all(one.id not in notes._known for one, _ in others)

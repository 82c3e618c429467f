"""Which words stand on a page of a PDF, where, and how are they set?

PDFium gives characters in the order of the page's drawing commands, with spaces put in where it sees gaps and
right-to-left text already in the order of reading. A word here is a stretch of characters between spaces that
is set in one way.
"""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from pypdfium2 import raw

from ingest.readers.pdf.fonts import Face, Faces
from ingest.readers.pdf.frames import Frame

# PDFium marks a hyphen at a line's end with U+0002 or U+FFFE.
_HYPHENS = "\x02\ufffe"
_WORD = re.compile(rf"[^\s\x00-\x1f\x7f-\x9f\ufffe\uffff]+[{_HYPHENS}]?")
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_PRIVATE = re.compile("[\ue000-\uf8ff\ufffd\U000f0000-\U0010ffff]")
_ACCENTS = {
    "´": "\u0301",
    "¨": "\u0308",
    "ˆ": "\u0302",
    "˜": "\u0303",
    "¸": "\u0327",
    "ˇ": "\u030c",
    "˚": "\u030a",
}
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_ACCENT = re.compile(f"([{''.join(_ACCENTS)}])([^\\W\\d_])")
_DOTLESS = {"ı": "i", "ȷ": "j"}
# Fonts without a quotation mark draw it as an accent over nothing.
_COMBINING = {"\u0300": "`", "\u0301": "´"}
# In shares of the type size: a gap this wide inside a run of characters parts two words …
_GAP = 0.3
# … a step back this far is a new stretch, and a rise or fall of the baseline a raised or lowered one.
_BACK, _RISE = 0.6, 0.12
# A figure that starts this far above the baseline is raised; a word this wide for its letters has gaps.
_LIFTED, _WIDEST = 0.2, 1.2
# A line's box reaches this far above and below the baseline, whatever single letters do.
ASCENT, DESCENT = 0.8, 0.22
# More characters than this on one page are no text for people, but an attack or a map.
_MOST_CHARACTERS = 200_000


@dataclass(slots=True, eq=False)
class Word:
    """Characters without a space, set in one way, and where on the page turned so that they read upright.

    ``spaced`` says that a space stands before it in the file; ``raised`` that it is a small number or sign
    beside the word before; ``right_to_left`` that it has letters read so. ``unmapped`` counts characters
    whose meaning the file does not state.
    """

    text: str
    left: float
    right: float
    baseline: float
    face: Face
    spaced: bool = True
    raised: bool = False
    unmapped: int = 0
    right_to_left: bool = field(init=False)

    def __post_init__(self) -> None:
        self.right_to_left = not self.text.isascii() and RIGHT_TO_LEFT.search(self.text) is not None

    @property
    def size(self) -> float:
        """Return the size of the type in points."""
        return self.face.size

    @property
    def top(self) -> float:
        """Return where the word's line box starts."""
        return self.baseline - ASCENT * self.face.size

    @property
    def bottom(self) -> float:
        """Return where the word's line box ends."""
        return self.baseline + DESCENT * self.face.size


@dataclass(frozen=True, slots=True)
class _Character:
    """One character, or several that are set as one, where it stands on the upright page."""

    text: str
    left: float
    right: float
    baseline: float
    face: Face
    raised: bool


def words_on(page: Any, frame: Frame, *, tagged: bool) -> list[Word]:
    """Return the words on a page, in the order of the file, without those outside the visible part."""
    handle = raw.FPDFText_LoadPage(page)
    if not handle:
        return []
    try:
        count = min(raw.FPDFText_CountChars(handle), _MOST_CHARACTERS)
        if count <= 0:
            return []
        reader = _Characters(handle, frame, Faces(handle, tagged))
        text = _text(handle, count)
        words: list[Word] = []
        at = 0
        for found in _WORD.finditer(text):
            spaced = not words or found.start() > at
            words.extend(reader.words(found.group(), found.start(), spaced=spaced))
            at = found.end()
        return [word for word in words if _visible(word, frame)]
    finally:
        raw.FPDFText_ClosePage(handle)


def unreadable_share(words: list[Word]) -> float:
    """Return the share of characters that say nothing: without a Unicode value, or with a private one."""
    total = sum(len(word.text) for word in words)
    lost = sum(max(word.unmapped, len(_PRIVATE.findall(word.text))) for word in words)
    return lost / total if total else 0.0


def _text(handle: Any, count: int) -> str:
    """Return one character for each of PDFium's."""
    buffer = (ctypes.c_ushort * (count + 1))()
    written = raw.FPDFText_GetText(handle, 0, count, buffer) - 1
    if written == count:
        text = bytes(buffer)[: 2 * count].decode("utf-16-le", "replace")
        if len(text) == count:
            return text
    return "".join(chr(raw.FPDFText_GetUnicode(handle, at)) for at in range(count))


def _mended(text: str) -> str:
    """Return a word in its own letters: ligatures parted, accents of old fonts put on their letters."""
    text = text.translate(_LIGATURES)
    if text[0] in _COMBINING:
        text = _COMBINING[text[0]] + text[1:]
    if _ACCENT.search(text) is None:
        return text
    composed = _ACCENT.sub(lambda found: _DOTLESS.get(found[2], found[2]) + _ACCENTS[found[1]], text)
    return unicodedata.normalize("NFC", composed)


def _visible(word: Word, frame: Frame) -> bool:
    width, height = frame.size_at(word.face.turned)
    middle = (word.left + word.right) / 2
    return -1 <= middle <= width + 1 and -1 <= word.baseline - 0.3 * word.size <= height + 1


class _Characters:
    """Measures the characters of one page."""

    def __init__(self, handle: Any, frame: Frame, faces: Faces) -> None:
        self._handle, self._frame, self._faces = handle, frame, faces
        self._rect = raw.FS_RECTF()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._sides = [ctypes.c_double() for _ in range(4)]

    def words(self, token: str, start: int, *, spaced: bool) -> Iterator[Word]:
        """Yield the words in a token: more than one where the type changes, or where there are gaps."""
        last = start + len(token) - 1
        face = self._faces.at(start)
        if RIGHT_TO_LEFT.search(token) or (last > start and not self._is_even(face, start, last)):
            yield from self._split(token, start, spaced)
            return
        one = self._measured(token[0], start)
        other = self._measured(token[-1], last) if last > start else one
        if (
            one.raised != other.raised
            or other.right < one.left
            or other.right - one.left > (len(token) + 1) * face.size * _WIDEST
        ):
            yield from self._split(token, start, spaced)
            return
        left, right = min(one.left, other.left), max(one.right, other.right)
        yield self._word(
            [_Character(token, left, right, one.baseline, face, one.raised)], spaced=spaced, at=start
        )

    def _is_even(self, face: Face, start: int, last: int) -> bool:
        other = self._faces.at(last)
        if other is face or other != face:
            return other is face
        return abs(self._measured("", last).baseline - self._measured("", start).baseline) < _RISE * face.size

    def _measured(self, char: str, at: int) -> _Character:
        raw.FPDFText_GetLooseCharBox(self._handle, at, self._rect)
        raw.FPDFText_GetCharOrigin(self._handle, at, self._x, self._y)
        rect, x, y, face = self._rect, self._x.value, self._y.value, self._faces.at(at)
        seen = self._frame.seen(rect.left, rect.bottom, rect.right, rect.top, degrees=face.turned)
        baseline = self._frame.seen(x, y, x, y, degrees=face.turned)[1]
        raised = char.isdecimal() and face.turned == 0 and self._is_raised(at, y, face.size)
        return _Character(char, seen[0], seen[2], baseline, face, raised)

    def _is_raised(self, at: int, baseline: float, size: float) -> bool:
        """Return whether a figure is drawn above the baseline: some fonts have raised ones of their own."""
        raw.FPDFText_GetCharBox(self._handle, at, *self._sides)
        bottom = self._sides[2].value
        return baseline + _LIFTED * size < bottom < baseline + size

    def _word(self, run: Sequence[_Character], spaced: bool, at: int) -> Word:
        text = run[0].text if len(run) == 1 else "".join(_reading_order(run))
        left, right = min(char.left for char in run), max(char.right for char in run)
        unmapped = 0
        if not text.isascii() and raw.FPDFText_HasUnicodeMapError(self._handle, at) == 1:
            unmapped = sum(char > "\x7f" for char in text)
        if text[-1] in _HYPHENS:
            text = text[:-1] + "-"
        if not text.isascii():
            text = _mended(text)
        first = run[0]
        return Word(text, left, right, first.baseline, first.face, spaced, first.raised, unmapped)

    def _split(self, token: str, start: int, spaced: bool) -> Iterator[Word]:
        """Yield the stretches of a token that are set in one way and in one direction."""
        run: list[_Character] = []
        for at, text in enumerate(token, start):
            char = self._measured(text, at)
            if run and _parts(run[-1], char):
                yield self._word(run, spaced, at - 1)
                run, spaced = [], False
            run.append(char)
        yield self._word(run, spaced, start + len(token) - 1)


def _parts(last: _Character, char: _Character) -> bool:
    """Return whether two characters of a token belong to two words."""
    size = max(char.face.size, last.face.size)
    if (
        char.face != last.face
        or abs(char.baseline - last.baseline) > _RISE * size
        or char.raised != last.raised
    ):
        return True
    right_to_left = [bool(RIGHT_TO_LEFT.match(each.text)) for each in (last, char)]
    if right_to_left[0] != right_to_left[1] and last.text.isalnum() and char.text.isalnum():
        return True
    gap = last.left - char.right if right_to_left[1] else char.left - last.right
    return gap > _GAP * size or gap < -_BACK * size - (last.right - last.left)


def _reading_order(run: Sequence[_Character]) -> list[str]:
    """Return the characters of a run; those that one right-to-left ligature stands for come reversed."""
    found: list[str] = []
    at = 0
    while at < len(run):
        end = at + 1
        place = (run[at].left, run[at].right)
        while (
            end < len(run) and (run[end].left, run[end].right) == place and RIGHT_TO_LEFT.match(run[at].text)
        ):
            end += 1
        found.extend(char.text for char in reversed(run[at:end]))
        at = end
    return found

"""What does a page say that is only a picture? Tesseract reads it, as a process of its own."""

from __future__ import annotations

import functools
import math
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from lxml import etree

from ingest.readers.pdf.fonts import Face
from ingest.readers.pdf.words import Word

PROGRAM = "tesseract"
_LANGUAGES = ("eng", "spa")
# Tesseract is trained on 300 dots an inch; a page takes seconds, a minute means that it hangs.
DOTS, _SECONDS = 300, 120
# Words that Tesseract gives less than this are specks and lines, unless they have so many letters in a line
# of which half is sure: one word less may turn what a sentence says.
_SURE, _LETTERS = 40.0, 3
# Pages of print, scanned well or badly, get 83 and more, pages on their side or of ornaments 46 and less
# (measured on twelve scans and pictures).
SURE_PAGE = 65.0
# Words of so many letters are wider than high.
_LONG = 4
_ROTATE = re.compile(r"^Rotate: (\d+)", re.MULTILINE)
# Heights of one type differ by less than this factor's logarithm from line to line of a scan.
_STEP = 0.3
# Capitals, figures and long letters rise so much of a type's size over the baseline. (Tesseract's own height
# of a line is off by a third where a line is short: on the scan measured 20 to 28 for type of one size.)
_RISE = 0.76
_TALL = re.compile(r"[A-ZÁÉÍÓÚÑÜ0-9bdfhklß]")
_LINES = frozenset({"ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat"})


@dataclass(frozen=True, slots=True)
class _Seen:
    """A word in the picture, in dots: its box, the baseline under it, the size of its line's type."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    baseline: float
    size: float
    sure: float


@functools.cache
def installed() -> tuple[str, ...]:
    """Return the languages that can be recognised; none where Tesseract is not installed."""
    if shutil.which(PROGRAM) is None:
        return ()
    try:
        listed = subprocess.run([PROGRAM, "--list-langs"], capture_output=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    known = listed.stdout.decode("utf-8", "replace").split()
    return tuple(language for language in _LANGUAGES if language in known)


@dataclass(frozen=True, slots=True)
class Recognised:
    """What Tesseract sees in a picture. ``sure`` is its own certainty, from 0 to 100, over all characters.

    ``sideways`` says that most words run up or down: they are right, but their order and places are not.
    """

    words: list[Word]
    sure: float
    sideways: bool = False

    @property
    def good(self) -> bool:
        """Return whether it reads as text, the right way up."""
        return self.sure >= SURE_PAGE and not self.sideways


def recognised(picture: bytes, *, dots: float, turned: int = 0) -> Recognised | None:
    """Return the words in a picture of a page, in points; None if Tesseract fails.

    ``picture`` is a PNG with so many dots an inch, of the page turned clockwise by ``turned`` degrees.
    """
    # Told how many dots an inch has, Tesseract drops small letters as specks, so that "no wheezes or rales"
    # reads "no or rales" (a page of 6-point type); left to itself, it goes by the size of the type.
    page = _run(picture, "-l", "+".join(installed()), "--psm", "3", "hocr")
    if page is None:
        return None
    lines = list(_lines(page))
    sure = _certainty([word for line in lines for word in line])
    certain = [word for line in lines for word in _certain(line)]
    long = [word for word in certain if len(word.text) >= _LONG]
    upended = sum(word.bottom - word.top > word.right - word.left for word in long)
    return Recognised(list(_words(certain, 72 / dots, turned)), sure, sideways=upended > len(long) / 2)


def turn_needed(picture: bytes) -> int:
    """Return by how many degrees clockwise a picture must be turned to be read; 0 where nothing tells."""
    said = _run(picture, "--psm", "0")
    found = _ROTATE.search(said.decode("ascii", "replace")) if said else None
    return int(found.group(1)) % 360 if found else 0


def _run(picture: bytes, *options: str) -> bytes | None:
    try:
        done = subprocess.run(
            [PROGRAM, "stdin", "stdout", *options],
            input=picture,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            # Two threads in one Tesseract are slower than one, and each reader has a process of its own.
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def _certainty(words: Sequence[_Seen]) -> float:
    """Return how sure Tesseract is of some words, from 0 to 100, over all characters."""
    letters = sum(len(word.text) for word in words)
    return sum(word.sure * len(word.text) for word in words) / letters if letters else 0.0


def _certain(line: Sequence[_Seen]) -> list[_Seen]:
    """Return the words of a line that are no specks."""
    sure = sum(len(word.text) for word in line if word.sure >= _SURE)
    is_print = 2 * sure >= sum(len(word.text) for word in line)
    return [
        word
        for word in line
        if word.sure >= _SURE or (is_print and sum(map(str.isalnum, word.text)) >= _LETTERS)
    ]


def _lines(page: bytes) -> Iterator[list[_Seen]]:
    """Yield the words of each line in Tesseract's hOCR (K. Romary and T. Breuel, hOCR specification 1.2)."""
    root = etree.fromstring(page, etree.XMLParser(resolve_entities=False, no_network=True, recover=True))
    for line in root.iter("{*}span"):
        if line.get("class") not in _LINES:
            continue
        title = line.get("title", "")
        left, _, _, bottom = _numbers(title, "bbox", (0, 0, 0, 0))
        slope, offset = _numbers(title, "baseline", (0, 0))
        (size,) = _numbers(title, "x_size", (0,))
        words = []
        for word in line.iter("{*}span"):
            text = "".join(word.itertext()).strip()
            if word.get("class") != "ocrx_word" or not text:
                continue
            stated = word.get("title", "")
            x, y, end, low = _numbers(stated, "bbox", (0, 0, 0, 0))
            (sure,) = _numbers(stated, "x_wconf", (0,))
            words.append(
                _Seen(text, x, y, end, low, bottom + offset + slope * ((x + end) / 2 - left), size, sure)
            )
        rises = [word.baseline - word.top for word in words if _TALL.search(word.text)]
        yield [replace(word, size=median(rises) / _RISE) for word in words] if rises else words


def _numbers(title: str, name: str, default: tuple[float, ...]) -> tuple[float, ...]:
    found = re.search(rf"\b{name}((?: -?[\d.]+)+)", title)
    return tuple(map(float, found.group(1).split())) if found else default


def _words(seen: Sequence[_Seen], scale: float, turned: int) -> Iterator[Word]:
    usual = median(word.size for word in seen) if seen else 0.0
    for word in seen:
        # Scanned type varies in height from line to line; what is set larger is larger by more than that.
        steps = round(math.log(max(word.size, 1.0) / max(usual, 1.0)) / _STEP)
        face = Face(round(usual * math.exp(steps * _STEP) * scale, 1), turned=turned)
        yield Word(word.text, word.left * scale, word.right * scale, word.baseline * scale, face)

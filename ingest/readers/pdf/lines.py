"""Which words of a page stand on one line, and how does the line read?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from ingest.readers.pdf.fonts import Face
from ingest.readers.pdf.words import Word
from ingest.readers.shared.markers import is_alone

Row = list[Word]

# Words whose baselines differ by less than this share of their size stand on one line.
_SAME_LINE = 0.4
# A raised number is at most this large beside the word it belongs to, and no further off than this.
_RAISED_SIZE, _RAISED_NEAR, _RAISED_UP = 0.85, 0.6, (0.1, 0.8)
# A word that the file glues to the one before is only apart from it by less than this share of its size.
_GLUED = 0.22
# PDFium sees gaps beside signs, quotation marks above all, that are narrower than this: there is none.
_TOUCHING = 0.06
_CITING = re.compile(r"\d{1,3}(?:[,–-]\d{1,3})*")
_CITED = re.compile(r"[^\W\d_]{3}$|[^\W\d_][.,;:!?)\]”\"’»]+$")
_TURNED = str.maketrans("()", ")(")
# Single letters in a row, as in a spaced-out heading.
_FEWEST_LETTERS = 5


@dataclass(eq=False)
class Line:
    """A line of a column. ``column`` is the left and right of the column; ``first`` says it opens a column.

    ``region`` counts the columns of a page. ``cells`` are set for a row of a table, with the ``headers`` over
    it; ``mark`` for a line of a footnote; ``entry`` is the depth of a line in a table of contents. Places are
    those of ``Word``.
    """

    words: Row
    page: int
    column: tuple[float, float] = (0.0, 0.0)
    first: bool = False
    cells: list[list[Row]] | None = None
    region: int = 0
    headers: tuple[str, ...] = ()
    mark: str = ""
    entry: int = 0
    preset: str | None = None

    def keep(self, words: Row, *, text: str | None = None) -> None:
        """Have other words from now on; ``text`` is what they read as, where it is not all of them."""
        self.words, self.preset = words, text
        for name in ("left", "right", "right_to_left", "face", "baseline", "bold", "mono", "text"):
            self.__dict__.pop(name, None)

    @cached_property
    def left(self) -> float:
        """Return where the line starts."""
        return min(word.left for word in self.words)

    @cached_property
    def right(self) -> float:
        """Return where the line ends."""
        return max(word.right for word in self.words)

    @cached_property
    def right_to_left(self) -> bool:
        """Return whether most of its letters are read from the right."""
        return is_right_to_left(self.words)

    @property
    def start(self) -> float:
        """Return where it starts in the direction of reading: larger is further in."""
        return -self.right if self.right_to_left else self.left

    @property
    def indent(self) -> float:
        """Return how far in from the edge of its column it starts."""
        return self.column[1] - self.right if self.right_to_left else self.left - self.column[0]

    @cached_property
    def face(self) -> Face:
        """Return how most of its characters are set."""
        return main_face(self.words)

    @property
    def size(self) -> float:
        """Return the size of most of its type."""
        return self.face.size

    @cached_property
    def baseline(self) -> float:
        """Return the baseline of most of its characters."""
        kept = [word for word in self.words if not word.raised] or self.words
        return max(kept, key=lambda word: len(word.text)).baseline

    @property
    def top(self) -> float:
        """Return the upper edge of its tallest word."""
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> float:
        """Return the lower edge of its lowest word."""
        return max(word.bottom for word in self.words)

    @cached_property
    def bold(self) -> bool:
        """Return whether nearly all of it is bold."""
        return _share(self.words, lambda word: word.face.bold) > 0.85

    @cached_property
    def mono(self) -> bool:
        """Return whether nearly all of it is set in a font of fixed pitch, a bullet before it aside."""
        first = min(self.words, key=lambda word: word.left)
        if len(self.words) > 1 and not first.face.mono and is_alone(first.text):
            return False
        return _share(self.words, lambda word: word.face.mono) > 0.9

    @cached_property
    def text(self) -> str:
        """Return its words in reading order."""
        return self.preset if self.preset is not None else text_of(self.words)


def main_face(words: Iterable[Word]) -> Face:
    """Return the face that most characters are set in."""
    counts: Counter[Face] = Counter()
    for word in words:
        counts[word.face] += len(word.text)
    return counts.most_common(1)[0][0]


def _share(words: Row, test: Callable[[Word], bool]) -> float:
    total = sum(len(word.text) for word in words)
    return sum(len(word.text) for word in words if test(word)) / total


def text_of(words: Row) -> str:
    """Return the words of one line as text, in the order of reading."""
    parts: list[str] = []
    before: Word | None = None
    for word in reading_order(words):
        if before is not None and (_apart(before, word) or (len(parts) == 1 and before.raised)):
            parts.append(" ")
        parts.append(word.text)
        before = word
    text = "".join(parts)
    return _with_brackets_turned(text) if is_right_to_left(words) else text


def is_right_to_left(words: Sequence[Word]) -> bool:
    """Return whether most letters are read from the right."""
    backward = sum(len(word.text) for word in words if word.right_to_left)
    if not backward:
        return False
    return 2 * backward >= sum(len(word.text) for word in words if any(map(str.isalpha, word.text)))


def _with_brackets_turned(text: str) -> str:
    """Turn the brackets of a line where all of them close before they open: they were stored as drawn."""
    depth = deepest = 0
    for char in text:
        depth += (char == "(") - (char == ")")
        deepest = max(deepest, depth)
    return text.translate(_TURNED) if depth == 0 and deepest <= 0 and ")" in text else text


def _apart(before: Word, word: Word) -> bool:
    if (
        not (before.text[-1].isalnum() and word.text[0].isalnum())
        and abs(_gap(before, word)) < _TOUCHING * word.size
    ):
        return False
    if word.spaced and not (word.raised and _gap(before, word) < _GLUED * before.size):
        return True
    return _gap(before, word) > _GLUED * min(before.size, word.size)


def _gap(one: Word, other: Word) -> float:
    return max(one.left, other.left) - min(one.right, other.right)


def reading_order(words: Row) -> Row:
    """Return the words of a line as they are read: from the right where most letters are read so."""
    ordered = sorted(words, key=lambda word: (word.left, word.right))
    if not any(word.right_to_left for word in words):
        return ordered
    found: Row = []
    stretch: Row = []
    # Runs in the other direction are turned as a whole (Unicode Standard Annex 9, rule L2).
    mainly_right = is_right_to_left(words)
    for word in reversed(ordered) if mainly_right else ordered:
        if word.right_to_left == mainly_right:
            found.extend(reversed(stretch))
            stretch = []
            found.append(word)
        else:
            stretch.append(word)
    return [*found, *reversed(stretch)]


def attach_raised(words: Sequence[Word]) -> None:
    """Put small raised or lowered numbers on the baseline of the word beside them."""
    for at, word in enumerate(words):
        for near in (at - 1, at + 1):
            if not 0 <= near < len(words):
                continue
            other = words[near]
            if word.size > _RAISED_SIZE * other.size or word.face.turned != other.face.turned:
                continue
            up = (other.baseline - word.baseline) / other.size
            if _gap(word, other) < _RAISED_NEAR * other.size and -0.45 < up < _RAISED_UP[1]:
                if abs(up) > 0.02:
                    word.baseline, word.raised = other.baseline, up > _RAISED_UP[0]
                break


def bracket_citations(words: Sequence[Word]) -> None:
    """Put raised numbers after a word, which cite notes, into brackets: ``neglect[3]``, not ``neglect3``.

    As numbers glued to words they would hide the words from every search. Exponents follow figures and units,
    which are shorter than words.
    """
    for before, word in pairwise(words):
        beside = (
            word.baseline == before.baseline
            and word.left - before.left >= 0
            and _gap(before, word) < word.size
        )
        if word.raised and beside and _CITING.fullmatch(word.text) and _CITED.search(before.text):
            word.text = f"[{word.text}]"


def rows_of(words: Iterable[Word]) -> list[Row]:
    """Return the words by baseline from the top, each row from the left."""
    rows: list[Row] = []
    for word in sorted(words, key=lambda word: word.baseline):
        last = rows[-1] if rows else None
        if last is not None and word.baseline - last[0].baseline < _SAME_LINE * min(word.size, last[0].size):
            last.append(word)
        else:
            rows.append([word])
    for row in rows:
        row.sort(key=lambda word: word.left)
        mend_spaced_letters(row)
    return rows


def mend_spaced_letters(row: Row) -> None:
    """Close up words that are set with a space after each letter."""
    at = 0
    while at < len(row):
        end = at
        while end < len(row) and len(row[end].text) == 1 and row[end].text.isalpha():
            end += 1
        if end - at >= _FEWEST_LETTERS:
            gaps = [follower.left - word.right for word, follower in pairwise(row[at:end])]
            usual = sorted(gaps)[len(gaps) // 3]
            for word, gap in zip(row[at + 1 : end], gaps, strict=True):
                if gap <= max(1.6 * usual, usual + 0.12 * word.size):
                    word.spaced = False
                    word.left -= gap
        at = max(end, at + 1)

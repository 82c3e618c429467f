"""What does one document add to what is known of the library as a whole?

Its words as they are written, its title and headings, and the short forms that it explains.
"""

from __future__ import annotations

import functools
import json
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from index.library.acronyms import Definition, definitions
from kb.model import Passage
from kb.text import fold

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"['’]s?\Z")
_LONGEST_WORD, _LONGEST_NAME = 30, 90
# Words whose form is kept: a dictionary that starts afresh when it is full is five times as fast to ask as a
# cache that knows which word was asked for last.
_KEPT = 1 << 17


@dataclass(frozen=True, slots=True)
class Contribution:
    """What can be counted of a document.

    ``words``: for each language, how often each word stands there, in lower case; ``lower``: how often it is
    written so. ``names``: how often each title and heading (language, kind, name) does.
    """

    words: dict[str, Counter[str]]
    lower: dict[str, Counter[str]]
    names: Counter[tuple[str, str, str]]

    def packed(self) -> bytes:
        """Return the same as bytes, to be taken back later."""
        names = [[*key, count] for key, count in self.names.items()]
        return zlib.compress(json.dumps([self.words, self.lower, names], ensure_ascii=False).encode(), 1)

    @classmethod
    def unpacked(cls, packed: bytes) -> Contribution:
        """Return what ``packed`` made bytes of."""
        words, lower, names = json.loads(zlib.decompress(packed))
        return cls(
            {language: Counter(counts) for language, counts in words.items()},
            {language: Counter(counts) for language, counts in lower.items()},
            Counter({(language, kind, name): count for language, kind, name, count in names}),
        )


def contribution(title: str, passages: Sequence[Passage]) -> Contribution:
    """Count a document by its title and passages."""
    names: Counter[tuple[str, str, str]] = Counter()
    texts: dict[str, list[str]] = {}
    seen: set[str] = set()
    for passage in passages:
        texts.setdefault(passage.language, []).append(passage.text)
        for heading in passage.headings:
            if heading != title and heading not in seen:
                seen.add(heading)
                _name(names, passage.language, "heading", heading)
    if texts:
        main = max(texts, key=lambda language: len(texts[language]))
        texts[main].append(title)
        _name(names, main, "title", title)
    words, lower = {}, {}
    for language, parts in texts.items():
        words[language], lower[language] = _counted("\n".join(parts))
    return Contribution(words, lower, names)


def _counted(text: str) -> tuple[Counter[str], Counter[str]]:
    """Return how often each word of a text is there, and how often it is written in lower case."""
    # Plain dictionaries, as a Counter calls a function of Python for each word that is new to it.
    words: dict[str, int] = {}
    lower: dict[str, int] = {}
    for word, count in Counter(_WORD.findall(text)).items():
        plain, is_lower = _AS_COUNTED[word]
        if plain:
            words[plain] = words.get(plain, 0) + count
            if is_lower:
                lower[plain] = lower.get(plain, 0) + count
    return Counter(words), Counter(lower)


class _AsCounted(dict[str, tuple[str, bool]]):
    """Each word as it is counted, nothing if it is not, and whether it is written in lower case."""

    def __missing__(self, word: str) -> tuple[str, bool]:
        if len(self) >= _KEPT:
            self.clear()
        plain = _POSSESSIVE.sub("", word.lower())
        found = self[word] = plain if 2 < len(plain) <= _LONGEST_WORD else "", word.islower()
        return found


_AS_COUNTED = _AsCounted()


def _name(names: Counter[tuple[str, str, str]], language: str, kind: str, name: str) -> None:
    if any(map(str.isalpha, name)) and len(name) <= _LONGEST_NAME:
        names[language, kind, name] += 1


@functools.lru_cache(maxsize=1 << 17)
def surface(word: str) -> str:
    """Return a word as it is counted: in lower case, accents kept, without a possessive."""
    return _POSSESSIVE.sub("", word.lower())


@functools.lru_cache(maxsize=1 << 17)
def folded(word: str) -> str:
    """Return a word without accents too; remembered, as the same words come again and again."""
    return fold(word)


def plain_words(text: str) -> list[str]:
    """Return the words of a text without case and accents."""
    return [folded(surface(word)) for word in _WORD.findall(text)]


def explained(passage: Passage) -> list[Definition]:
    """Return the short forms that a passage explains."""
    return list(definitions(passage.text))

"""Which words and names of the library did somebody mean who has typed a part of them, or mistyped them?

Only from what the asker may see: a word that stands in other collections alone is never shown, and counts as
one that is not there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.analysis import analyzer
from index.library.contribution import folded, plain_words, surface
from index.library.store import Library, within
from index.ordinary import is_ordinary
from index.stopwords import STOPWORDS

MOST = 8
"""How many suggestions are shown at most."""

_SHORTEST_TYPED, _SHORTEST_MISTYPED, _TWO_SLIPS_FROM = 2, 4, 8
_LONGEST_TYPED = 200
# Who pastes a page has not mistyped a question.
_LONGEST_CORRECTED = 300
_LOOKED_AT = 200
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SMALL = STOPWORDS["en"] | STOPWORDS["es"]
# Quoted words are meant as they are; a name with a colon is a command, and its value a choice.
_PIECE = re.compile(
    r"\"[^\"]*\"|“[^“”]*”|«[^«»]*»|[^\W\d_]+:\S*|[\w@./\-]*[\d@/_.][\w@/\-]*|(?P<word>[^\W\d_]+)"
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A way to go on: a question, and whether it is a ``title``, a ``heading`` or ends in a ``word``."""

    text: str
    kind: str


class Vocabulary:
    """The words of a library as they are written."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def suggest(self, typed: str, *, collections: Sequence[str] | None = None) -> list[Suggestion]:
        """Return how a question that is being typed may go on, the likeliest first.

        ``collections`` are those that the asker may see, None means all.
        """
        typed = typed[:_LONGEST_TYPED]
        words = plain_words(typed)
        if not words or not typed[-1].isalpha() or len(words[-1]) < _SHORTEST_TYPED:
            return []
        found = [*self._names(words, collections), *self._completed(typed, words, collections)]
        distinct = {folded(suggestion.text): suggestion for suggestion in reversed(found)}
        distinct.pop(folded(typed.strip()), None)
        return list(reversed(distinct.values()))[:MOST]

    def corrected(self, question: str, *, collections: Sequence[str] | None = None) -> str | None:
        """Return a question with words that the library lacks spelt as it has them; None if all are right.

        A word is right when the library has it, in any form or language, or nothing like it, and when it is
        an ordinary word of either language.
        """
        if len(question) > _LONGEST_CORRECTED:
            return None
        pieces, end = [], 0
        matches = list(_PIECE.finditer(question))
        # Nearly every word is right as it stands, so all are looked up together first.
        plain = {match["word"]: folded(surface(match["word"])) for match in matches if match["word"]}
        right = self._held(plain.values(), collections)
        for match in matches:
            word = match["word"]
            better = self._better(word, collections) if word and plain[word] not in right else None
            if better is not None:
                pieces += [question[end : match.start()], better]
                end = match.end()
        return "".join([*pieces, question[end:]]) if pieces else None

    def knows(self, word: str) -> bool:
        """Tell whether the library has a word in any form, with each of its parts, or every text has it."""
        parts = plain_words(word)
        return bool(parts) and all(part in _SMALL or self._has(part, None) for part in parts)

    def written_small(
        self, words: Collection[str], *, collections: Sequence[str] | None = None
    ) -> frozenset[str]:
        """Return the words, folded, that the library has in lower case too: no short forms."""
        return self._held(map(folded, words), collections, "lower > 0")

    def _names(self, words: list[str], collections: Sequence[str] | None) -> Iterator[Suggestion]:
        """Yield titles and headings that have all the words typed, the last of them as a beginning."""
        allowed, values = within(collections, "names.collection")
        having = " ".join("AND number IN (SELECT number FROM name_words WHERE word = ?)" for _ in words[:-1])
        query = (
            "SELECT name, kind, sum(count) FROM names WHERE number IN "
            f"(SELECT number FROM name_words WHERE word >= ? AND word < ? {having} LIMIT {_LOOKED_AT}) "
            f"AND {allowed} GROUP BY name, kind"
        )
        last = words[-1]
        rows = self._library.rows(query, (last, f"{last}\U0010ffff", *words[:-1], *values))
        start = " ".join(words)
        rows.sort(
            key=lambda row: (not " ".join(plain_words(row[0])).startswith(start), row[1] != "title", -row[2],
                             len(row[0]), row[0])
        )  # fmt: skip
        for name, kind, _ in rows[: MOST // 2]:
            yield Suggestion(name, kind)

    def _completed(
        self, typed: str, words: list[str], collections: Sequence[str] | None
    ) -> Iterator[Suggestion]:
        """Yield what was typed with its last word completed, in the language of those before it.

        The commonest word comes first. Small words are left out: nobody needs help with them.
        """
        allowed, values = within(collections)
        language = self._language(words[:-1], collections)
        query = (
            "SELECT folded, word, sum(count) AS often FROM words "
            f"WHERE folded >= ? AND folded < ? AND {allowed} AND language = coalesce(?, language) "
            f"GROUP BY folded, word ORDER BY often DESC, word LIMIT {2 * MOST}"
        )
        last = words[-1]
        start = typed[: len(typed) - len(re.split(r"[^\w'’]", typed)[-1])]
        for plain, word, _ in self._library.rows(query, (last, f"{last}\U0010ffff", *values, language)):
            if plain not in _SMALL:
                yield Suggestion(start + word, "word")

    def _language(self, words: list[str], collections: Sequence[str] | None) -> str | None:
        """Return the language that the library has words in most often; None for words it does not have."""
        allowed, values = within(collections)
        query = (
            "SELECT language, sum(count) AS often FROM words "
            f"WHERE folded IN ({', '.join('?' * len(words))}) AND {allowed} "
            "GROUP BY language ORDER BY often DESC, language LIMIT 1"
        )
        rows = self._library.rows(query, (*words, *values)) if words else []
        return str(rows[0][0]) if rows else None

    def _better(self, word: str, collections: Sequence[str] | None) -> str | None:
        plain = folded(surface(word))
        if len(plain) < _SHORTEST_MISTYPED or plain in _SMALL or not plain.isascii():
            return None
        if self._has(plain, collections) or _is_ordinary(plain):
            return None
        most = 2 if len(plain) >= _TWO_SLIPS_FROM else 1
        near = process.extract(
            plain, self._near(plain, most), scorer=OSA.distance, score_cutoff=most, limit=None
        )
        slips = {other: distance for other, distance, _ in near}
        rows = self._counted([*slips, *_otherwise_begun(plain)], collections)
        if not rows:
            return None
        better, nearest, _ = min(rows, key=lambda row: (slips.get(row[1], 1), -row[2], row[0]))
        if nearest in _SMALL:  # "call" is no slip of "all", and a small word changes no answer
            return None
        return better.capitalize() if word[0].isupper() and not word.isupper() else better

    def _has(self, plain: str, collections: Sequence[str] | None) -> bool:
        """Tell whether the library has a word, or another form of it."""
        if self._held((plain,), collections):
            return True
        allowed, values = within(collections)
        query = (
            "SELECT DISTINCT folded FROM words "
            f"WHERE folded >= ? AND folded < ? AND language = ? AND {allowed}"
        )
        # Each language by itself: where one cuts a word short, all words of the other that begin so would be
        # stemmed, which takes a tenth of a second.
        for language in ("en", "es"):
            for stem in analyzer(language).terms(plain)[:1]:
                first = stem[: max(3, len(stem) - 1)]
                rows = self._library.rows(query, (first, f"{first}\U0010ffff", language, *values))
                if any(analyzer(language).terms(other)[0] == stem for (other,) in rows):
                    return True
        return False

    def _held(
        self, words: Iterable[str], collections: Sequence[str] | None, condition: str = "1"
    ) -> frozenset[str]:
        """Return those of some words that stand in the library just so."""
        allowed, values = within(collections)
        wanted = list(dict.fromkeys(words))
        if not wanted:
            return frozenset()
        query = (
            f"SELECT DISTINCT folded FROM words WHERE folded IN ({', '.join('?' * len(wanted))}) "
            f"AND {condition} AND {allowed}"
        )
        return (
            frozenset(row[0] for row in self._library.rows(query, (*wanted, *values)))
            if wanted
            else frozenset()
        )

    def _near(self, plain: str, most: int) -> list[str]:
        """Return the words with the first letter of a word and nearly its length."""
        query = (
            "SELECT group_concat(folded, ' ') FROM words "
            "WHERE substr(folded, 1, 1) = ? AND length(folded) BETWEEN ? AND ?"
        )
        rows = self._library.rows(query, (plain[0], len(plain) - most, len(plain) + most))
        return list(set(rows[0][0].split(" "))) if rows and rows[0][0] else []

    def _counted(self, words: list[str], collections: Sequence[str] | None) -> list[tuple[str, str, int]]:
        """Return those of some words that the asker may see, as written, folded, and how often."""
        allowed, values = within(collections)
        query = (
            f"SELECT word, folded, sum(count) FROM words WHERE folded IN ({', '.join('?' * len(words))}) "
            f"AND {allowed} GROUP BY folded, word"
        )
        return [(row[0], row[1], row[2]) for row in self._library.rows(query, (*words, *values))]


def _is_ordinary(plain: str) -> bool:
    """Tell whether a word is spelt right, though the library lacks it."""
    terms = {term for name in ("en", "es") for term in analyzer(name).terms(plain)}
    return any(map(is_ordinary, (plain, *terms)))


def _otherwise_begun(plain: str) -> list[str]:
    """Return what a word is if its beginning was mistyped: a letter too many, too few, other or swapped."""
    begun = [plain[1:], plain[1] + plain[0] + plain[2:]]
    begun += [letter + plain for letter in _LETTERS]
    return begun + [letter + plain[1:] for letter in _LETTERS if letter != plain[0]]

"""Which words and names of the library did somebody mean who has typed a part of them, or mistyped them?

Only from what the asker may see: a word that stands in other collections alone is never shown, and counts as
one that is not there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from index.library import slips
from index.library.contribution import folded, plain_words, surface
from index.library.store import EVERYWHERE, Library
from index.stopwords import STOPWORDS, is_small

MOST = 8
"""How many suggestions are shown at most."""

_NEARLY_AS_LONG, _LESS_AS_LONG = (-1, 0, 1), (-2, 2)
_SHORTEST_TYPED = 2
_LONGEST_TYPED = 200
# Who pastes a page has not mistyped a question.
_LONGEST_CORRECTED = 300
# Enough for what is shown of them when spellings, languages and collections are put together.
_MOST_NAMES, _MOST_WORDS, _LOOKED_AT = MOST // 2, 4 * MOST, 200
# Whoever gets more words wrong writes in another language; each takes up to 2 ms in a library of 100,000
# passages (docs/answers.md).
_MOST_MISTYPED = 3
_SMALL = STOPWORDS["en"] | STOPWORDS["es"]
# Quoted words are meant as they are; a name with a colon is a command, and its value a choice.
_PIECE = re.compile(
    r"\"[^\"]*\"|“[^“”]*”|«[^«»]*»|[^\W\d_]+:\S*|[\w@./\-]*(?:[\d@/_]|\.(?=\w))[\w@/\-]*|(?P<word>[^\W\d_]+)"
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A way to go on: a question, and whether it is a ``title``, a ``heading`` or ends in a ``word``."""

    text: str
    kind: str


class _Counted(NamedTuple):
    """A word as it is written, folded, its language, and how often it stands there."""

    word: str
    plain: str
    language: str
    often: int


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
        seen = _seen(collections)
        if not seen:
            return []
        found = [*self._names(words, seen), *self._completed(typed, words, seen)]
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
        seen = _seen(collections)
        matches = [match for match in _PIECE.finditer(question) if match["word"]]
        words = list(dict.fromkeys(surface(match["word"]) for match in matches))
        wrong = [word for word in self._lacking(words, seen) if not slips.is_spelt_right(word)]
        better = self._meant([folded(word) for word in wrong[:_MOST_MISTYPED]], words, seen) if wrong else {}
        pieces, end = [], 0
        for match in matches:
            meant = better.get(folded(surface(match["word"])))
            if meant is not None:
                pieces += [question[end : match.start()], _as_written(meant, like=match["word"])]
                end = match.end()
        return "".join([*pieces, question[end:]]) if pieces else None

    def knows(self, word: str) -> bool:
        """Tell whether the library has a word in any form, with each of its parts, or every text has it."""
        parts = [part for part in plain_words(word) if part not in _SMALL]
        return bool(plain_words(word)) and self._known(parts, _seen(None)).issuperset(parts)

    def written_small(
        self, words: Collection[str], *, collections: Sequence[str] | None = None
    ) -> frozenset[str]:
        """Return the words, folded, that the library has in lower case too: no short forms."""
        return self._held(map(folded, words), _seen(collections), "lower > 0")

    def _names(self, words: list[str], seen: Sequence[str]) -> list[Suggestion]:
        """Return titles and headings with the words typed, the last of them as a beginning."""
        start = " ".join(words)
        # In the order in which the file keeps them: titles first, the commonest, the shortest.
        query = (
            "SELECT name, kind, count, plain FROM names WHERE collection = ? AND substr(plain, 1, 2) = ? "
            "AND plain >= ? AND plain < ? ORDER BY kind DESC, count DESC, length(plain), plain "
            f"LIMIT {_MOST_NAMES}"
        )
        rows = [row for name in seen for row in self._library.rows(query, (name, start[:2], *_begun(start)))]
        if len(rows) < _MOST_NAMES:
            each = _LOOKED_AT // len(seen)
            others = [row for name in seen for row in self._elsewhere_in_names(words, name, most=each)]
            rows += [row for row in others if not row[3].startswith(start)]
        often: Counter[tuple[str, str, str]] = Counter()
        for name, kind, count, plain in rows:
            often[name, kind, plain] += count
        first = sorted(often.items(), key=lambda named: _fitness(*named, start=start))
        return [Suggestion(name, kind) for (name, kind, _), _ in first[:_MOST_NAMES]]

    def _elsewhere_in_names(self, words: list[str], collection: str, *, most: int) -> list[tuple[Any, ...]]:
        """Return names that have the telling words typed in any order, the last of them as a beginning."""
        *whole, last = words
        telling = [word for word in whole if word not in _SMALL]
        if not telling:
            query = (
                f"SELECT number FROM name_words WHERE collection = ? AND word >= ? AND word < ? LIMIT {most}"
            )
            numbers = self._library.rows(query, (collection, *_begun(last)))
        else:
            query = f"SELECT number FROM name_words WHERE collection = ? AND word = ? LIMIT {most}"
            numbers = min((self._library.rows(query, (collection, word)) for word in telling), key=len)
        ids = ", ".join(str(number) for number in sorted({number for (number,) in numbers}))
        rows = self._library.rows(f"SELECT name, kind, count, plain FROM names WHERE number IN ({ids})")
        return [row for row in rows if _has_all(row[3].split(" "), telling, last)]

    def _completed(self, typed: str, words: list[str], seen: Sequence[str]) -> Iterator[Suggestion]:
        """Yield what was typed with its last word completed, in the language of those before it.

        The commonest word comes first. Small words are left out: nobody needs help with them.
        """
        language = self._language(words[:-1], seen)
        # As above, in the order in which the file keeps them.
        query = (
            "SELECT folded, word, count FROM words WHERE collection = ? AND substr(folded, 1, 2) = ? "
            "AND folded >= ? AND folded < ? AND language = coalesce(?, language) "
            f"ORDER BY count DESC, folded, word LIMIT {_MOST_WORDS}"
        )
        last = words[-1]
        often: Counter[str] = Counter()
        for collection in seen:
            found = self._library.rows(query, (collection, last[:2], *_begun(last), language))
            often.update({word: count for plain, word, count in found if not _is_small(plain)})
        start = typed[: len(typed) - len(re.split(r"[^\w'’]", typed)[-1])]
        for word, _ in sorted(often.items(), key=lambda counted: (-counted[1], counted[0]))[:MOST]:
            yield Suggestion(start + word, "word")

    def _language(self, words: list[str], seen: Sequence[str]) -> str | None:
        """Return the language that the library has words in most often; None for words it does not have."""
        if not words:
            return None
        query = (
            f"SELECT language, sum(count) AS often FROM words WHERE {_among('collection', seen)} "
            f"AND {_among('folded', words)} GROUP BY language ORDER BY often DESC, language LIMIT 1"
        )
        rows = self._library.rows(query, (*seen, *words))
        return str(rows[0][0]) if rows else None

    def _meant(self, wrong: Sequence[str], words: Sequence[str], seen: Sequence[str]) -> dict[str, str]:
        """Return the words that were meant by mistyped ones of a question's ``words``, where any was."""
        language = self._language([folded(word) for word in words], seen)
        found = {
            plain: self._better(plain, slips.otherwise_begun(plain), _NEARLY_AS_LONG, seen, language=language)
            for plain in wrong
        }
        # Two letters too many or too few are rare, and looking for them takes two thirds of the time again.
        unlike = [plain for plain in wrong if found[plain] is None and len(plain) >= slips.TWO_SLIPS_FROM]
        for plain in unlike[:1]:
            found[plain] = self._better(plain, [], _LESS_AS_LONG, seen, language=language)
        return {plain: meant for plain, meant in found.items() if meant is not None}

    def _better(
        self,
        plain: str,
        others: Sequence[str],
        lengths: Sequence[int],
        seen: Sequence[str],
        *,
        language: str | None,
    ) -> str | None:
        """Return the word that was meant by one that the library lacks, the nearest and commonest.

        ``others`` are one slip away, ``lengths`` by how many letters a word may be longer that has its first.
        Words of another ``language`` than the question's come last, and must be one slip away.
        """
        count = {**dict.fromkeys(others, 1), **slips.near(plain, self._near(plain, lengths, seen))}
        rows = [
            (count[row.plain], row.language != language, -row.often, row.word, row.plain)
            for row in self._counted(list(count), seen)
            if language is None or row.language == language or count[row.plain] == 1
        ]
        if not rows:
            return None
        *_, better, nearest = min(rows)
        # "Call" is no slip of "all", and a small word changes no answer.
        return None if nearest in _SMALL else better

    def _lacking(self, words: Iterable[str], seen: Sequence[str]) -> list[str]:
        """Return the words that may be slips: long enough, and not in the library in any form."""
        # Nearly every word is right as it stands, so all are looked up together first.
        plain = {word: folded(word) for word in words}
        right = self._held(plain.values(), seen)
        odd = [
            word
            for word in plain
            if plain[word] not in right
            and len(plain[word]) >= slips.SHORTEST
            and not _is_small(plain[word])
            and plain[word].isascii()
        ]
        known = self._known(odd, seen)
        return [word for word in odd if word not in known]

    def _known(self, words: Sequence[str], seen: Sequence[str]) -> frozenset[str]:
        """Return the words that the library has, or another form of them in either language."""
        held = self._held(map(folded, words), seen)
        pairs = {word: slips.stems(word) for word in words if folded(word) not in held}
        wanted = sorted({stem for stems in pairs.values() for stem, _ in stems if stem})
        there: set[tuple[object, ...]] = set()
        if wanted:
            query = (
                f"SELECT DISTINCT stem, language FROM words WHERE {_among('collection', seen)} "
                f"AND {_among('stem', wanted)}"
            )
            there = set(self._library.rows(query, (*seen, *wanted)))
        return frozenset(word for word in words if word not in pairs or pairs[word] & there)

    def _held(self, words: Iterable[str], seen: Sequence[str], condition: str = "1") -> frozenset[str]:
        """Return those of some words that stand in the library just so."""
        wanted = list(dict.fromkeys(words))
        if not wanted:
            return frozenset()
        query = (
            f"SELECT DISTINCT folded FROM words WHERE {_among('collection', seen)} "
            f"AND {_among('folded', wanted)} AND {condition}"
        )
        return frozenset(row[0] for row in self._library.rows(query, (*seen, *wanted)))

    def _near(self, plain: str, lengths: Sequence[int], seen: Sequence[str]) -> list[str]:
        """Return the words with the first letter of a word that are so much longer (or shorter).

        Of several collections they are not told apart: that is done for the few that are near enough.
        """
        allowed = [len(plain) + longer for longer in lengths]
        query = (
            "SELECT group_concat(folded, ' ') FROM words "
            f"WHERE collection = ? AND substr(folded, 1, 1) = ? AND {_among('length(folded)', allowed)}"
        )
        shelf = seen[0] if len(seen) == 1 else EVERYWHERE
        rows = self._library.rows(query, (shelf, plain[0], *allowed))
        return str(rows[0][0]).split(" ") if rows and rows[0][0] else []

    def _counted(self, words: Sequence[str], seen: Sequence[str]) -> list[_Counted]:
        """Return those of some words that the asker may see."""
        query = (
            "SELECT word, folded, language, sum(count) FROM words "
            f"WHERE {_among('collection', seen)} AND {_among('folded', words)} "
            "GROUP BY folded, word, language"
        )
        return [_Counted(*row) for row in self._library.rows(query, (*seen, *words))]


def _seen(collections: Sequence[str] | None) -> list[str]:
    """Return under which collections the words are counted that an asker may see (None: all)."""
    return [EVERYWHERE] if collections is None else [name for name in dict.fromkeys(collections) if name]


def _among(column: str, values: Sequence[object]) -> str:
    return f"{column} IN ({', '.join('?' * len(values))})"


def _begun(start: str) -> tuple[str, str]:
    """Return from where to where the words stand in order that begin so."""
    return start, f"{start}\U0010ffff"


def _fitness(named: tuple[str, str, str], count: int, *, start: str) -> tuple[object, ...]:
    """Return what names (as written, kind, plain) are put in order by for what was typed, the best first."""
    name, kind, plain = named
    place = f" {plain}".find(f" {start}")
    return (place != 0, place < 0, kind != "title", -count, len(plain), plain, name)


def _is_small(plain: str) -> bool:
    return plain in _SMALL or is_small(plain, "en")


def _has_all(name: Sequence[str], telling: Iterable[str], last: str) -> bool:
    return all(word in name for word in telling) and any(word.startswith(last) for word in name)


def _as_written(better: str, *, like: str) -> str:
    return better.capitalize() if like[0].isupper() and not like.isupper() else better

"""What does a typed question ask for? Our own small grammar; whatever does not fit it is plain words.

    safe harbor law             passages about these words, the best first
    "safe harbor"               these words in this order (also “ ” and « »); in a long question just words
    -arrest  -"safe harbor"     not this word, not this phrase; not before a figure
    title:shelter               this word in the title; also heading: and text:, with a word or a phrase
    lang:es                     passages in this language: en, es or other
    collection:Laws             documents of this collection
    type:html                   documents of this type: html, text or markdown

Spanish names work too: título:, encabezado:, texto:, idioma:, colección:, tipo:. There is no wrong syntax:
an unknown name, a lone quotation mark or a dash between numbers is read as the text that it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from index.query import ANY_FIELD, Clause, Phrase, Query, Words
from kb.errors import QueryError
from kb.languages import OTHER, detect
from kb.text import canonical_line, fold

MAX_CHARACTERS = 1_000
MAX_WORDS = 64
"""How much of a question is searched for: more, such as a pasted page, costs time and ranks no better."""

_TELLING_WORDS = 4
"""How many words tell their language. "Safe harbor" is taken for Spanish, "ley" for English, and then finds
nothing; read in every language, short questions find all. Longer ones lose .01 of nDCG@10 when read so."""

_IN_PASSING = 6
"""With so many words beside it a quotation is mentioned, not demanded: 'what did the judge mean by "the usual
place" in the first case' must not lose the answer that words it otherwise. Demanded, two of 76 questions of
cisi and three of 1,249 frequently asked ones lose all that answers them (nDCG@10 .392 → .382)."""

_FIELDS = {
    "title": "title",
    "titulo": "title",
    "heading": "headings",
    "headings": "headings",
    "encabezado": "headings",
    "text": "text",
    "texto": "text",
}
_LANGUAGES = {"lang", "language", "idioma"}
_COLLECTIONS = {"collection", "coleccion"}
_TYPES = {"type", "tipo"}
FIELD_NAMES = frozenset((*_FIELDS, *_LANGUAGES, *_COLLECTIONS, *_TYPES))
"""The names that stand before a colon, without accents."""
_MEDIA_TYPES = {
    "html": "text/html",
    "text": "text/plain",
    "texto": "text/plain",
    "txt": "text/plain",
    "markdown": "text/markdown",
    "md": "text/markdown",
}
_QUOTED = r"\"[^\"]*\"|“[^“”]*”|«[^«»]*»"
_PIECE = re.compile(
    rf"(?P<minus>-(?=[^\W\d_]|[\"“«]))?"
    rf"(?:(?P<name>[^\W\d_]+):(?=[^\W_]|[\"“«]))?"
    rf"(?:[(\[¿¡]*(?P<quoted>{_QUOTED})|(?P<plain>\S+))"
)
# Where none of this stands, all is plain words: nearly always.
_GRAMMAR = re.compile(r"[\"“«:]|(?:^| )-")
_QUOTES = re.compile(r"[\"“”«»]+")
_AROUND = ".,;:!?()[]¿¡"


@dataclass(slots=True)
class _Reading:
    """What has been understood so far, and the plain words that no clause has taken yet.

    ``in_passing``: what is quoted is no more than words.
    """

    in_passing: bool = False
    clauses: list[Clause] = field(default_factory=list)
    refused: list[Clause] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    collections: list[str] = field(default_factory=list)
    media_types: list[str] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)

    def close_plain(self) -> None:
        if _searchable(" ".join(self.plain)):
            self.clauses.append(Words(" ".join(self.plain)))
        self.plain.clear()


def parse(question: str, *, language: str | None = None) -> Query:
    """Return what a question asks for, analysed in ``language`` or in the one that its words tell.

    Where few words tell none, the query's language is ``other``, which engines read in every language.
    Raises QueryError when there is nothing to look for.
    """
    text = _beginning(canonical_line(question))
    reading = _read_pieces(text) if _GRAMMAR.search(text) else _Reading(plain=[text])
    reading.close_plain()
    if not reading.clauses:
        raise _nothing_to_find(reading)
    return Query(
        clauses=tuple(reading.clauses),
        refused=tuple(reading.refused),
        language=language or _language(reading),
        languages=tuple(dict.fromkeys(reading.languages)),
        collections=tuple(dict.fromkeys(reading.collections)),
        media_types=tuple(dict.fromkeys(reading.media_types)),
    )


def _read_pieces(question: str) -> _Reading:
    pieces = list(_pieces(question))
    beside = sum(not piece["quoted"] and _searchable(piece.group()) for piece in pieces)
    reading = _Reading(in_passing=beside >= _IN_PASSING)
    for piece in pieces:
        _read(piece, reading)
    return reading


def _beginning(question: str) -> str:
    """Return as much of a question as is searched for, cut between words."""
    if len(question) > MAX_CHARACTERS:
        cut = question[: MAX_CHARACTERS + 1]
        question = cut.rsplit(" ", 1)[0] if " " in cut else cut[:-1]
    if question.count(" ") < MAX_WORDS:
        return question
    seen: set[str] = set()
    for match in re.finditer(r"\S+", question):
        seen.add(match.group().casefold())
        if len(seen) > MAX_WORDS:
            return question[: match.start()]
    return question


def _pieces(question: str) -> Iterator[re.Match[str]]:
    at = 0
    while at < len(question):
        if question[at] == " ":
            at += 1
            continue
        match = _PIECE.match(question, at)
        if match is None:
            return
        yield match
        at = match.end()


def _read(piece: re.Match[str], reading: _Reading) -> None:
    value = _QUOTES.sub(" ", piece["quoted"]).strip() if piece["quoted"] else piece["plain"].strip(_AROUND)
    name = fold(piece["name"] or "")
    if not _searchable(value):
        reading.plain.append(piece.group())
    elif piece["quoted"] and reading.in_passing and not name and not piece["minus"]:
        reading.plain.append(value)
    elif name in _FIELDS or (not name and (piece["quoted"] or piece["minus"])):
        where = _FIELDS.get(name, ANY_FIELD)
        clause = Phrase(value, where) if piece["quoted"] else Words(value, where, required=not piece["minus"])
        if piece["minus"]:
            reading.refused.append(clause)
        else:
            reading.close_plain()
            reading.clauses.append(clause)
    elif piece["minus"] or not _filter(name, value, reading):
        reading.plain.append(piece.group())


def _filter(name: str, value: str, reading: _Reading) -> bool:
    """Take a filter, or return False when it is none."""
    folded = fold(value)
    if name in _LANGUAGES and folded in ("en", "es", OTHER):
        reading.languages.append(folded)
    elif name in _TYPES and folded in _MEDIA_TYPES:
        reading.media_types.append(_MEDIA_TYPES[folded])
    elif name in _COLLECTIONS:
        reading.collections.append(value)
    else:
        return False
    return True


def _searchable(text: str) -> bool:
    return any(char.isalnum() for char in text)


def _language(reading: _Reading) -> str:
    text = " ".join(clause.text for clause in reading.clauses)
    if len(text.split()) >= _TELLING_WORDS:
        return detect(text)
    return reading.languages[0] if len(set(reading.languages)) == 1 else OTHER


def _nothing_to_find(reading: _Reading) -> QueryError:
    if reading.refused:
        return QueryError(
            "The question only says what to leave out.",
            remedy="Add a word to look for, such as: shelter -arrest",
        )
    if reading.languages or reading.collections or reading.media_types:
        return QueryError("The question only says where to look.", remedy="Add a word to look for.")
    return QueryError("The question has no words to look for.", remedy="Ask with one or more words.")

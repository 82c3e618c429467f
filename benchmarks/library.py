"""Which passages and questions are the speeds measured on? Real ones, and more made of their sentences."""

from __future__ import annotations

import itertools
import json
import lzma
import os
import random
import re
import shutil
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.engine import IndexedPassage

SCALE = "scale-100k.jsonl"
_SETS, _UNPACKED = "dev.tar.xz", Path("build/data")
SEED = 20_240_601
# Characters of a title, and words of a sentence, that make up a question.
_TITLE, _LEAST_WORDS, _MOST_WORDS = 90, 3, 14
_LONGEST_TYPED = 150
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_WORD = re.compile(r"\w+")
# Passages to a document, where they are made of sentences: about as many as the real ones have.
_TO_A_DOCUMENT = 8


@dataclass(frozen=True, slots=True)
class Line:
    """A passage to index: ``document`` is what it is a part of."""

    id: str
    document: str
    language: str
    title: str
    text: str

    def indexed(self) -> IndexedPassage:
        """Return the passage as our engine takes it."""
        return IndexedPassage(
            id=self.id,
            title=self.title,
            headings=(),
            text=self.text,
            language=self.language,
            collection="scale",
            source_id=self.document,
            media_type="text/plain",
        )


def folder_of_data(given: str | None) -> Path:
    """Return the folder of the measuring data: the one given, else ``KB_DATA``, else the usual one.

    What is packed there is unpacked into ``build/data`` once. Ends the program with a word on what is missing
    when the passages are not there.
    """
    folder = Path(given or os.environ.get("KB_DATA") or "~/.cache/kb-data").expanduser()
    if (folder / SCALE).is_file():
        return folder
    if (folder / f"{SCALE}.xz").is_file():
        return _unpacked(folder)
    raise SystemExit(
        f"{folder / SCALE} is not there, nor {SCALE}.xz. Name the folder that it is in, packed or not: "
        "make bench-quick DATA=FOLDER. Each of its lines is a passage as JSON, with _id (its document before "
        "a #), lang (en or es), title and text."
    )


def _unpacked(folder: Path) -> Path:
    """Return a folder with the passages of another one, and with its sets of questions if it has them."""
    if not (_UNPACKED / SCALE).is_file():
        _UNPACKED.mkdir(parents=True, exist_ok=True)
        if (folder / _SETS).is_file():
            with tarfile.open(folder / _SETS) as archive:
                wanted = [one for one in archive if one.name.endswith("/queries.jsonl")]
                archive.extractall(_UNPACKED, wanted, filter="data")
        # Last, and under its name when it is whole: where it is, all else is.
        part = _UNPACKED / f"{SCALE}.part"
        with lzma.open(folder / f"{SCALE}.xz") as packed, part.open("wb") as plain:
            shutil.copyfileobj(packed, plain)
        part.rename(_UNPACKED / SCALE)
    return _UNPACKED


def real_lines(folder: Path) -> list[Line]:
    """Return the real passages, half of them English, half Spanish, in an order that mixes them."""
    lines = []
    with (folder / SCALE).open(encoding="utf-8") as file:
        for number, raw in enumerate(file):
            values = json.loads(raw)
            document = values["_id"].split("#")[0]
            lines.append(Line(f"{number:012x}", document, values["lang"], values["title"], values["text"]))
    random.Random(SEED).shuffle(lines)
    return lines


def grown_lines(real: Sequence[Line], count: int) -> Iterator[Line]:
    """Yield the real passages, then others made of their sentences, as long as they are, ``count`` in all.

    Words are as frequent as in the real ones, and each line depends on its number only.
    """
    yield from itertools.islice(real, count)
    by_language: dict[str, list[Line]] = {}
    for line in real:
        by_language.setdefault(line.language, []).append(line)
    sentences = {
        language: [part for line in lines for part in _SENTENCE.split(line.text)]
        for language, lines in by_language.items()
    }
    for number in range(len(real), count):
        document = random.Random(f"{SEED} document {number // _TO_A_DOCUMENT}")
        title = document.choice(real)
        chance = random.Random(SEED * 1_000_003 + number)
        lines = by_language[title.language]
        wanted, text = len(chance.choice(lines).text), ""
        while len(text) < wanted:
            text += f" {chance.choice(sentences[title.language])}"
        name = f"made-{number // _TO_A_DOCUMENT}"
        yield Line(f"{number:012x}", name, title.language, title.title, text[1:])


def questions(real: Sequence[Line], folder: Path, count: int) -> list[str]:
    """Return questions as long as people ask: titles, stretches of sentences, and typed ones if there are.

    A quarter are titles, a quarter (without the sets of typed questions: the rest) words that follow one
    another in a passage.
    """
    chance = random.Random(SEED)
    found = [chance.choice(real).title[:_TITLE] for _ in range(count // 4)]
    typed = [question for question in _typed(folder) if len(question) <= _LONGEST_TYPED]
    found += stretches(real, (count // 2 if typed else count) - len(found))
    return found + chance.sample(typed, count - len(found)) if typed else found


def stretches(real: Sequence[Line], count: int) -> list[str]:
    """Return words that follow one another in passages, as questions that nobody asked before."""
    chance = random.Random(SEED + 1)
    found: list[str] = []
    while len(found) < count:
        words = _WORD.findall(chance.choice(real).text)
        size = chance.randint(_LEAST_WORDS, _MOST_WORDS)
        if len(words) > size:
            start = chance.randrange(len(words) - size)
            found.append(" ".join(words[start : start + size]))
    return found


def _typed(folder: Path) -> list[str]:
    found = []
    for path in sorted(folder.glob("dev/retrieval/*/queries.jsonl")):
        with path.open(encoding="utf-8") as file:
            found += [json.loads(line)["text"] for line in file]
    return found

"""How long do suggestions and corrections take in a large library?

python -m benchmarks.suggest CORPUS.jsonl [COUNT] [--table]     lines of {"_id", "title", "text", "lang"}

Each line is taken for a document of one passage, in one of five collections of its language. Questions are
one to eight words that follow one another in the corpus; they are asked as far as somebody has typed them
(every beginning of two letters, too), as they are, with one slip and with three. Slips are a letter left out,
doubled, replaced or swapped, anywhere in a word of four letters or more. All is drawn at random with a fixed
seed, and asked by who may see all, the five collections of that language, and one of them. Times are those of
the processor, in a process that only asks. ``--table`` writes the table of docs/answers.md. Ends with 1 when
any takes 10 ms or more.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import json
import multiprocessing
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.timing import peak_mb
from index.library import filling, store
from index.library.filling import Shelved
from index.library.store import Library
from index.library.vocabulary import Vocabulary
from kb.model import Passage
from tests.quality.tables import replace_between

PAGE = Path(__file__).parent.parent / "docs" / "answers.md"
ASKED = 1_500
BATCH = 2_000
COLLECTIONS = 5
LANGUAGES = ("en", "es")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
ALLOWED_MS = 10.0


@dataclass(frozen=True, slots=True)
class Timed:
    """How long some questions took, in milliseconds, in order."""

    name: str
    took: tuple[float, ...]

    def row(self) -> str:
        """Return the number, median, 95th and 99th of a hundred and the longest, as a row of a table."""
        count = len(self.took)
        places = (self.took[count * 95 // 100], self.took[count * 99 // 100], self.took[-1])
        times = " | ".join(f"{each:.2f}" for each in (statistics.median(self.took), *places))
        return f"| {self.name} | {count:,} | {times} |"


def documents(corpus: Path, most: int) -> Iterator[Shelved]:
    """Yield the lines of a corpus as documents."""
    with corpus.open(encoding="utf-8") as file:
        for number, line in enumerate(itertools.islice(file, most)):
            read = json.loads(line)
            text, name = str(read["text"]), f"{number:012d}"
            passage = Passage(name, name, 0, 0, len(text), text, (), str(read.get("lang", "en")))
            collection = f"{passage.language} {number % COLLECTIONS}"
            yield Shelved(name, collection, str(read.get("title") or ""), [passage])


def questions(corpus: Path, most: int) -> dict[str, list[str]]:
    """Return questions of one to eight words of the corpus in each language."""
    draw = random.Random(7)
    found: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for document in documents(corpus, most):
        words = document.passages[0].text.split()
        if document.passages[0].language in found and len(words) > 8 and draw.random() < 0.1:
            first = draw.randrange(len(words) - 8)
            asked = " ".join(words[first : first + draw.choice((1, 2, 3, 4, 6, 8))])
            found[document.passages[0].language].append(asked)
    return {language: draw.sample(asked, min(ASKED, len(asked))) for language, asked in found.items()}


def begun(question: str, draw: random.Random) -> str:
    """Return as much of a question as somebody has typed."""
    return question[: draw.randrange(2, max(3, len(question) + 1))]


def mistyped(question: str, draw: random.Random, *, slips: int) -> str:
    """Return a question with some slips in its longer words."""
    words = question.split()
    for _ in range(slips):
        longer = [at for at, word in enumerate(words) if word.isalpha() and len(word) > 3]
        if longer:
            at = draw.choice(longer)
            words[at] = _with_slip(words[at], draw)
    return " ".join(words)


def _with_slip(word: str, draw: random.Random) -> str:
    at = draw.randrange(len(word) - 1)
    before, here, after = word[:at], word[at], word[at + 1 :]
    middle = draw.choice(["", here * 2, draw.choice(LETTERS), after[0] + here])
    return before + middle + (after[1:] if len(middle) == 2 and middle[0] != here else after)


def timed(name: str, ask: Callable[[str], object], asked: Sequence[str]) -> Timed:
    """Ask, and print and return how long it took."""
    took = []
    for question in asked:
        began = time.thread_time()
        ask(question)
        took.append((time.thread_time() - began) * 1000)
    found = Timed(name, tuple(sorted(took)))
    print(found.row(), flush=True)
    return found


def ask_all(folder: Path, corpus: Path, most: int, *, table: bool) -> None:
    """Ask the library in a folder, print and write the times; exit with 1 when any was too long."""
    of_language = questions(corpus, most)
    vocabulary, before = Vocabulary(Library(folder)), peak_mb()
    vocabulary.corrected("wramm ninosz")  # neither is a word, so that the stemmers are loaded
    gc.collect()
    gc.freeze()  # what this benchmark holds is not looked through again in the middle of a question
    found = []
    for language, whole in of_language.items():
        draw = random.Random(11)
        asked = {
            "begun": [begun(question, draw) for question in whole],
            "two letters": ["".join(pair) for pair in itertools.product(LETTERS, repeat=2)],
            "as it is": whole,
            "one slip": [mistyped(question, draw, slips=1) for question in whole],
            "three slips": [mistyped(question, draw, slips=3) for question in whole],
        }
        own = [f"{language} {number}" for number in range(COLLECTIONS)]
        for seen, collections in (("all", None), ("its language", own), ("one", own[:1])):
            for name, each in asked.items():
                typing = name in ("begun", "two letters")
                ask = vocabulary.suggest if typing else vocabulary.corrected
                found.append(
                    timed(f"{name}, {language}, sees {seen}", partial(ask, collections=collections), each)
                )
    print(f"memory: {before:.0f} MB before, {peak_mb():.0f} MB at most")
    if table:
        head = "| asked | questions | median ms | 95 % ms | 99 % ms | longest ms |\n|---|---|---|---|---|---|"
        replace_between(PAGE, "suggestions", "\n".join([head, *(each.row() for each in found)]))
    sys.exit(any(each.took[-1] >= ALLOWED_MS for each in found))


def main() -> None:
    """Build the file of the library from a corpus and time both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("count", type=int, nargs="?", default=100_000)
    parser.add_argument("--table", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kb-suggest-") as folder:
        began = time.process_time()
        path = Path(folder) / store.NAME
        with closing(store.opened(path)) as file:
            lines = documents(given.corpus, given.count)
            for sequence in range(-(-given.count // BATCH)):
                filling.put(file, itertools.islice(lines, BATCH), sequence=sequence)
        took, size = time.process_time() - began, path.stat().st_size / 1e6
        print(f"{given.count:,} passages: built in {took:.0f} s, {size:.0f} MB")
        asking = multiprocessing.get_context("spawn").Process(
            target=ask_all, args=(path.parent, given.corpus, given.count), kwargs={"table": given.table}
        )
        asking.start()
        asking.join()
        sys.exit(asking.exitcode)


if __name__ == "__main__":
    main()

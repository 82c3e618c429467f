"""How long do suggestions and corrections take in a large library?

python -m benchmarks.suggest CORPUS.jsonl [COUNT]     lines of {"_id", "title", "text", "lang"}

Each line is taken for a document of one passage, in a collection of its language. Questions are begun, and
mistyped, from words of the corpus, drawn at random with a fixed seed, and asked by who may see all and by who
may see the collection of that language only. Times are those of the processor, in a process that only asks.
"""

from __future__ import annotations

import functools
import gc
import json
import multiprocessing
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from benchmarks.timing import peak_mb
from index.library import filling, store
from index.library.filling import Shelved
from index.library.store import Library
from index.library.vocabulary import Vocabulary
from kb.model import Passage

ASKED = 400
BATCH = 2_000
LANGUAGES = ("en", "es")


def documents(corpus: Path, most: int) -> Iterator[Shelved]:
    """Yield the lines of a corpus as documents."""
    with corpus.open(encoding="utf-8") as file:
        for number, line in enumerate(islice(file, most)):
            read = json.loads(line)
            text, name = str(read["text"]), f"{number:012d}"
            passage = Passage(name, name, 0, 0, len(text), text, (), str(read.get("lang", "en")))
            yield Shelved(name, passage.language, str(read.get("title") or ""), [passage])


def typed(corpus: Path, most: int, *, language: str) -> Iterator[str]:
    """Yield questions of one to three words of the corpus."""
    draw = random.Random(7)
    spoken = (document for document in documents(corpus, most) if document.collection == language)
    sample = [document for document in spoken if draw.random() < 0.05]
    for document in draw.sample(sample, min(ASKED, len(sample))):
        words = [word for word in document.passages[0].text.split() if word.isalpha() and len(word) > 4]
        if len(words) > 3:
            first = draw.randrange(len(words) - 2)
            yield " ".join(words[first : first + draw.choice((1, 2, 3))])


def mistyped(question: str, draw: random.Random) -> str:
    """Return a question with two letters of its last word swapped."""
    start, _, last = question.rpartition(" ")
    at = draw.randrange(1, len(last) - 1)
    return f"{start} {last[:at]}{last[at + 1]}{last[at]}{last[at + 2 :]}".strip()


def report(name: str, ask: Callable[[str], object], questions: list[str]) -> None:
    """Print the median, 95th percentile and longest time of some questions, as a row of a table."""
    took = []
    for question in questions:
        began = time.thread_time()
        ask(question)
        took.append((time.thread_time() - began) * 1000)
    took.sort()
    tail = took[int(len(took) * 0.95)]
    print(f"| {name} | {len(took)} | {statistics.median(took):.2f} | {tail:.2f} | {took[-1]:.2f} |")


def ask_all(folder: Path, corpus: Path, most: int) -> None:
    """Ask the library in a folder, and print the times and the memory that asking took."""
    questions = {language: list(typed(corpus, most, language=language)) for language in LANGUAGES}
    vocabulary, before = Vocabulary(Library(folder)), peak_mb()
    vocabulary.corrected("wramm ninosz")  # neither is a word, so that the stemmers are loaded
    gc.collect()
    gc.freeze()  # what this benchmark holds is not looked through again in the middle of a question
    print("| asked | questions | median ms | 95 % ms | most ms |\n|---|---|---|---|---|")
    for language, whole in questions.items():
        draw = random.Random(11)
        begun = [question[: max(3, len(question) - draw.randrange(1, 5))] for question in whole]
        wrong = [mistyped(question, draw) for question in whole]
        for seen, collections in (("all", None), (language, [language])):
            suggest = functools.partial(vocabulary.suggest, collections=collections)
            correct = functools.partial(vocabulary.corrected, collections=collections)
            report(f"begun, {language}, sees {seen}", suggest, begun)
            report(f"mistyped, {language}, sees {seen}", correct, wrong)
            report(f"all right, {language}, sees {seen}", correct, whole)
    print(f"memory: {before:.0f} MB before, {peak_mb():.0f} MB at most")


def main() -> None:
    """Build the file of the library from a corpus and time both."""
    corpus, most = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    with tempfile.TemporaryDirectory(prefix="kb-suggest-") as folder:
        began = time.process_time()
        path = Path(folder) / store.NAME
        with closing(store.opened(path)) as file:
            lines = documents(corpus, most)
            for sequence in range(-(-most // BATCH)):
                filling.put(file, islice(lines, BATCH), sequence=sequence)
        size = path.stat().st_size / 1e6
        print(f"{most:,} passages: built in {time.process_time() - began:.0f} s, {size:.0f} MB")
        asking = multiprocessing.get_context("spawn").Process(
            target=ask_all, args=(path.parent, corpus, most)
        )
        asking.start()
        asking.join()
        sys.exit(asking.exitcode)


if __name__ == "__main__":
    main()

"""How long do suggestions and corrections take in a large library?

python -m benchmarks.suggest CORPUS.jsonl [COUNT]     lines of {"_id", "title", "text", "lang"}

Each line is taken for a document of one passage. Questions are begun, and mistyped, from words and titles of
the corpus, drawn at random with a fixed seed.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from index.library import store
from index.library.store import Library, Shelved
from index.library.vocabulary import Vocabulary
from kb.model import Passage

ASKED = 400
BATCH = 2_000


def documents(corpus: Path, most: int) -> Iterator[Shelved]:
    """Yield the lines of a corpus as documents."""
    with corpus.open(encoding="utf-8") as file:
        for number, line in enumerate(islice(file, most)):
            read = json.loads(line)
            text, name = str(read["text"]), f"{number:012d}"
            passage = Passage(name, name, 0, 0, len(text), text, (), str(read.get("lang", "en")))
            yield Shelved(name, "corpus", str(read.get("title") or ""), [passage])


def typed(corpus: Path, most: int) -> Iterator[str]:
    """Yield questions of two or three words of the corpus, cut off within the last or mistyped in one."""
    draw = random.Random(7)
    sample = [document for document in documents(corpus, most) if draw.random() < 0.05]
    for document in draw.sample(sample, ASKED):
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
    """Print the median, 95th percentile and longest time of some questions, in ms of the processor."""
    took = []
    for question in questions:
        began = time.thread_time()
        ask(question)
        took.append((time.thread_time() - began) * 1000)
    took.sort()
    tail = took[int(len(took) * 0.95)]
    print(
        f"{name:<12} median {statistics.median(took):6.2f} ms   95 % {tail:6.2f} ms   most {took[-1]:6.2f} ms"
    )


def main() -> None:
    """Build the file of the library from a corpus and time both."""
    corpus, most = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    with tempfile.TemporaryDirectory(prefix="kb-suggest-") as folder:
        began = time.process_time()
        with closing(store.opened(Path(folder) / store.NAME)) as file:
            lines = documents(corpus, most)
            for sequence in range(-(-most // BATCH)):
                store.put(file, islice(lines, BATCH), sequence=sequence)
        size = (Path(folder) / store.NAME).stat().st_size / 1e6
        print(f"{most:,} passages: built in {time.process_time() - began:.0f} s, {size:.0f} MB")
        vocabulary = Vocabulary(Library(Path(folder)))
        vocabulary.corrected("warm")
        whole, draw = list(typed(corpus, most)), random.Random(11)
        begun = [question[: max(3, len(question) - draw.randrange(1, 5))] for question in whole]
        report("suggest", vocabulary.suggest, begun)
        report("corrected", vocabulary.corrected, [mistyped(question, draw) for question in whole])
        report("all right", vocabulary.corrected, whole)


if __name__ == "__main__":
    main()

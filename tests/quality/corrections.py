"""Is "did you mean" right, and silent where it should be?

    python -m tests.quality.corrections SET [SET …]   each set's questions as they are, and with one slip
        --table                                        … and write the table of docs/answers.md
        --words                                        … and print the words that are corrected as they are

A library is made of each set's corpus. Its questions as people wrote them should hardly ever be corrected:
most words that the library lacks are right. With a slip (``tests.quality.mistyped``) in a word that it has,
that word should come back.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from index.evaluation import asked
from index.library import filling, store
from index.library.contribution import folded
from index.library.store import Library
from index.library.vocabulary import Vocabulary
from index.testsets import read_corpus
from tests.quality.expansion import shelved
from tests.quality.mistyped import with_slip
from tests.quality.tables import replace_between

PAGE = Path(__file__).parent.parent.parent / "docs" / "answers.md"
_WORD = re.compile(r"[^\W\d_]+")
_MOST_SLIPS = 1_000


def changes(one: str, other: str) -> Iterator[tuple[str, str]]:
    """Yield the words that differ between two questions of as many words."""
    for before, after in zip(_WORD.findall(one), _WORD.findall(other), strict=False):
        if before != after:
            yield before, after


def measure(folder: Path, *, words: bool) -> str:
    """Return the figures of one set as a row of the table."""
    questions = list(asked(folder)[0].values())
    with tempfile.TemporaryDirectory(prefix="kb-corrections-") as temporary:
        with closing(store.opened(Path(temporary) / store.NAME)) as file:
            filling.put(file, map(shelved, read_corpus(folder)), sequence=1)
        vocabulary = Vocabulary(Library(Path(temporary)))
        meant = {question: vocabulary.corrected(question) for question in questions}
        offered = {question: better for question, better in meant.items() if better is not None}
        if words:
            told = {f"{a} → {b}" for one, other in offered.items() for a, b in changes(one, other)}
            print("; ".join(sorted(told)))
        back = wrong = tried = 0
        for question in questions[:_MOST_SLIPS]:
            slipped = with_slip(question)
            (word, *_) = [*changes(slipped, question), ("", "")]
            if slipped == question or not vocabulary.knows(word[1]) or vocabulary.knows(word[0]):
                continue
            found = dict(changes(slipped, vocabulary.corrected(slipped) or slipped)).get(word[0])
            tried += 1
            back += found is not None and folded(found) == folded(word[1])
            wrong += found is not None and folded(found) != folded(word[1])
    return (
        f"| {folder.name} | {len(questions):,} | {len(offered)} ({len(offered) / len(questions):.1%}) "
        f"| {tried} | {back / max(1, tried):.1%} | {wrong / max(1, tried):.1%} |"
    )


def main() -> None:
    """Measure the sets that are named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--words", action="store_true")
    given = parser.parse_args()
    rows = [
        "| set | questions | corrected as they are | with a slip | the word comes back | another word |",
        "|---|---|---|---|---|---|",
    ]
    rows += [measure(folder, words=given.words) for folder in given.folders]
    print("\n".join(rows))
    if given.table:
        replace_between(PAGE, "corrections", "\n".join(rows))


if __name__ == "__main__":
    main()

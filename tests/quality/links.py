"""Do copied links hold? Ten readings with ten sizes of passages, a fifth of the texts edited between each.

python -m tests.quality.links DATA [FOLDER…]            measure, and print each kind of failure
python -m tests.quality.links DATA [FOLDER…] --table    … and write docs/quality/links.md

DATA holds ``markdown/``, ``domain/`` and ``formats/``; the folders are read as well. What is not plain text
or Markdown is read once, and its text is edited from then on. Before each reading links are copied from what
is served then. After it each link ever copied is followed, and what the library says of it is held against a
search for its words in all texts that are served.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from ingest import mediatype
from ingest.batch import accept_all
from ingest.fetch import Found, walk
from ingest.pipeline import file_at
from ingest.readers.registry import reader_for
from ingest.reading import InProcess
from ingest.segment import Sizes
from kb import settings
from kb.catalog import Transaction
from kb.errors import KBError
from kb.model import Citation, Outcome
from tests.quality.edits import edited
from webapp import create_app
from webapp.links.standing import Standing, StandingKind, standing
from webapp.wiring import Services, wire

TABLE = Path(__file__).parent.parent.parent / "docs" / "quality" / "links.md"
FOLDERS = ("markdown", "domain", "formats")
# Each as words to aim at, and words at most; the first are those of the product.
SETTINGS = (
    (60, 180),
    (40, 120),
    (80, 240),
    (20, 60),
    (120, 360),
    (10, 30),
    (60, 90),
    (30, 180),
    (200, 600),
    (100, 110),
)
EDITED = 0.2
REMOVED = 0.003
RENAMED = 0.01
_LONGEST = 300_000


@dataclass(frozen=True, slots=True)
class Copied:
    """A link as somebody copied it: the id, and the words that stood there."""

    passage_id: str
    words: str


@dataclass(slots=True)
class Tally:
    """What became of the links in one reading."""

    sizes: tuple[int, int]
    links: int = 0
    kinds: Counter[StandingKind] = field(default_factory=Counter)
    stand: int = 0  # links whose words still stand somewhere, word for word
    landed: int = 0  # … and that lead to them
    named: int = 0  # … and that name the other document where they stand
    answers: Counter[int] = field(default_factory=Counter)  # of the pages of all links, at the end
    false_same: int = 0  # links said to be the same whose words stand nowhere
    failures: list[str] = field(default_factory=list)


def squeezed(text: str) -> str:
    """Return words with one space between each two: what must be the same for words to be the same."""
    return " ".join(text.split())


def main() -> None:
    """Measure, print, and write the page if asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--links", type=int, default=500, help="links to copy before each reading")
    parser.add_argument("--texts", type=int, default=500, help="texts to draw from the folders")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--failures", type=int, default=0, help="failures to print of each reading")
    parser.add_argument("--table", action="store_true")
    given = parser.parse_args()
    data, *others = given.folders
    with tempfile.TemporaryDirectory() as folder:
        texts = Path(folder, "texts")
        count = gather([*(data / name for name in FOLDERS), *others], texts, most=given.texts)
        began = time.perf_counter()
        tallies = []
        for tally in measure(Path(folder, "home"), texts, links=given.links, seed=given.seed):
            tallies.append(tally)
            print(row(tally), f"{time.perf_counter() - began:.0f} s", flush=True)
            for failure in tally.failures[: given.failures]:
                print("   ", failure)
    if given.table:
        TABLE.write_text(page(tallies, count), encoding="utf-8")
    sys.exit(0 if all(map(good, tallies)) else 1)


def gather(folders: Iterable[Path], into: Path, *, most: int) -> int:
    """Write the texts of so many files, drawn from those that can be read, into a folder; return how many."""
    found = [one for folder in folders for one in walk(folder) if isinstance(one, Found)]
    random.Random(0).shuffle(found)
    count = 0
    for one in found:
        if count == most:
            break
        text, suffix = _text_of(one)
        if text.strip() and len(text) <= _LONGEST:
            target = into / one.collection / f"{count:05}{suffix}"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="")
            count += 1
    return count


def _text_of(found: Found) -> tuple[str, str]:
    """Return the text of a file and the suffix for it; nothing of one that cannot be read."""
    content = found.path.read_bytes()
    media_type = mediatype.media_type(content, found.path.name)
    if media_type in {"text/plain", "text/markdown"}:
        return mediatype.decode(content)[0], ".md" if media_type == "text/markdown" else ".txt"
    try:
        return reader_for(media_type).read(content, name=found.path.name).text, ".txt"
    except KBError:
        return "", ""


def measure(
    home: Path, texts: Path, *, links: int, seed: int, sizes: Sequence[tuple[int, int]] = SETTINGS
) -> Iterator[Tally]:
    """Read the texts with each setting in turn, with edits between; yield what became of the links."""
    chance = random.Random(seed)
    copied: list[Copied] = []
    for number, (aim, most) in enumerate(sizes):
        if number:
            edit_some(texts, chance)
        chosen = Sizes(aim, most, aim * 25 // 60, most * 10 // 9, most * 25 // 18)
        services = wire(
            settings.load({}, home=home),
            lambda limits, chosen=chosen: InProcess(limits, sizes=chosen),  # type: ignore[misc]
        )
        with closing(services):
            read_anew(services, texts)
            if copied:
                tally = check(services, copied, (aim, most))
                if number == len(sizes) - 1:
                    tally.answers = follow(services, copied)
                yield tally
            copied += copy(services, chance, links)


def follow(services: Services, copied: Sequence[Copied]) -> Counter[int]:
    """Ask for the page of every link; return how often each status came."""
    client = create_app(services).test_client()
    return Counter(client.get(f"/p/{link.passage_id}").status_code for link in copied)


def edit_some(texts: Path, chance: random.Random) -> None:
    """Edit a fifth of the files; rename a few, and remove a few."""
    files = sorted(path for path in texts.rglob("*") if path.is_file())
    for path in chance.sample(files, round(len(files) * EDITED)):
        with path.open(encoding="utf-8", newline="") as file:
            text = file.read()
        path.write_text(edited(text, chance), encoding="utf-8", newline="")
    for path in chance.sample(files, round(len(files) * RENAMED)):
        path.rename(path.with_stem(f"{path.stem}-renamed"))
        files.remove(path)
    for path in chance.sample(files, round(len(files) * REMOVED)):
        path.unlink()


def read_anew(services: Services, texts: Path) -> None:
    """Read every text again, as after an upgrade that cuts passages otherwise; take out what is gone."""
    steps = accept_all(services.pipeline, [texts], collection=None, max_bytes=64_000_000, thorough=True)
    for step in steps:
        if isinstance(step, Outcome) and step.source_id is not None:
            with services.catalog.writing() as transaction:
                transaction.sources.read_again(step.source_id)
    while services.pipeline.read_next() is not None:
        pass
    with services.catalog.reading() as transaction:
        sources = transaction.sources.all()
    for source in sources:
        if not file_at(source.uri).exists():
            services.pipeline.remove(source.id)


def copy(services: Services, chance: random.Random, count: int) -> list[Copied]:
    """Copy links to passages that are served now."""
    with services.catalog.reading() as transaction:
        live = sorted(transaction.passages.live_ids())
        chosen = chance.sample(live, min(count, len(live)))
        return [Copied(one.passage.id, one.passage.text) for one in transaction.passages.citations(chosen)]


def check(services: Services, copied: Sequence[Copied], sizes: tuple[int, int]) -> Tally:
    """Follow every link, and hold what is said against what stands in the texts."""
    tally = Tally(sizes)
    with services.catalog.reading() as transaction:
        texts = {
            source.id: squeezed(transaction.documents.get(source.document_id).document.text)
            for source in transaction.sources.all()
            if source.document_id is not None
        }
        everything = "\n".join(texts.values())
        for link in copied:
            citation = transaction.passages.citation(link.passage_id)
            now = standing(transaction, citation)
            _judge(tally, transaction, link, citation=citation, now=now, texts=texts, everything=everything)
    return tally


def _judge(
    tally: Tally,
    transaction: Transaction,
    link: Copied,
    *,
    citation: Citation,
    now: Standing,
    texts: Mapping[str, str],
    everything: str,
) -> None:
    tally.links += 1
    tally.kinds[now.kind] += 1
    words = squeezed(link.words)
    stands = words in everything
    landed = stands and any(squeezed(text) == words for text in landings(transaction, now))
    tally.stand += stands
    tally.landed += landed
    named = stands and not landed and any(words in texts[other.source.id] for other in now.elsewhere)
    tally.named += named
    if now.kind is StandingKind.CURRENT and not (stands and squeezed(citation.passage.text) == words):
        tally.false_same += 1
        tally.failures.append(f"said to be the same, and is not: {link.words!r} -> {citation.passage.text!r}")
    elif stands and not (landed or named):
        tally.failures.append(f"{now.kind}, but stands: {link.words[:300]!r}")
    elif not stands and now.kind is StandingKind.MOVED:
        tally.failures.append(f"moved, but stands nowhere: {link.words[:300]!r}")


def landings(transaction: Transaction, now: Standing) -> list[str]:
    """Return the words that a link leads to."""
    if now.place is None or now.now is None:
        return []
    source = transaction.sources.get(now.now.source_id)
    assert source.document_id is not None
    text = transaction.documents.get(source.document_id).document.text
    return [text[now.place.start : now.place.end]]


def good(tally: Tally) -> bool:
    """Tell whether every link resolves, those whose words stand lead there, and none is wrongly the same."""
    resolved = sum(tally.kinds.values()) == tally.links
    resolved = resolved and set(tally.answers) <= {200, 302, 410}
    return resolved and tally.false_same == 0 and tally.landed + tally.named >= 0.99 * tally.stand


def row(tally: Tally) -> str:
    """Return one line of the table."""
    kinds = " | ".join(f"{tally.kinds[kind]:,}" for kind in StandingKind)
    share = (tally.landed + tally.named) / tally.stand if tally.stand else 1.0
    return (
        f"| {tally.sizes[0]}–{tally.sizes[1]} | {tally.links:,} | {kinds} "
        f"| {tally.stand:,} | {tally.landed:,} | {tally.named:,} | {share:.2%} | {tally.false_same} |"
    )


def page(tallies: Sequence[Tally], texts: int) -> str:
    """Return the page of figures."""
    head = (
        "| words in a passage | links | same | moved | changed | removed | words still stand "
        "| led to them | named beside | together | wrongly same |\n|---|" + "---:|" * 10
    )
    rows = "\n".join(row(tally) for tally in tallies)
    asked = ", ".join(
        f"{count:,} with status {status}" for status, count in sorted(tallies[-1].answers.items())
    )
    return f"""# Do copied links hold?

`python -m tests.quality.links DATA FOLDER --table` reads {texts:,} texts (guides, laws, office documents,
mail) with {len(SETTINGS)} sizes of passages, one after another. Before each reading it copies links, then
edits a fifth of the texts: letters exchanged, words replaced, numbers changed, headings renamed or set in
capitals, sentences added, deleted and moved, paragraphs moved and deleted, lines wrapped anew; one text in
a hundred gets another name, three in a thousand are deleted. After the reading every link ever copied is
followed. Whether its words still stand, word for word, is found by searching all texts for them, not by the
code that is measured.

{head}
{rows}

"Named beside" are words that changed where they were cited and stand unchanged in another document, which the
page of the link names. "Wrongly same" are links said to be the same whose words stand nowhere any more: none
may be. At the end every link is asked for as a browser does; the answers were {asked} (302 leads to the
passage, 200 tells what changed, 410 that the words were removed).
"""


if __name__ == "__main__":
    main()

"""How fast is everything, beside what others would take? Writes build/bench.json and docs/performance.md.

    python -m benchmarks.speed [FOLDER] --quick            100,000 passages, under ten minutes
    python -m benchmarks.speed [FOLDER] [--sizes N …]      10,000, 100,000 and a million, all engines

FOLDER holds the measuring data (default: $KB_DATA, else ~/.cache/kb-data), packed or not. What was built and
measured of a size is kept in build/bench/, so a run that was broken off goes on; a quick one begins anew. It
takes fewer files, rounds and seconds of requests, and fills the catalog while it compares how passages are
indexed, in seconds of the processor; all else is measured alike.
"""

from __future__ import annotations

import argparse
import itertools
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import building, report, variants, web
from benchmarks.contestants import (
    LIMIT,
    Bm25s,
    Contestant,
    Plain,
    PlainFromQuestion,
    Question,
    Shipped,
    ShippedFromParsed,
    SqliteFts5,
    StockWhoosh,
    Tantivy,
    TantivyAsSold,
    Xapian,
    stored,
    xapian_python,
)
from benchmarks.home import publish, services_at
from benchmarks.indexing import compared
from benchmarks.library import Line, folder_of_data, questions, real_lines, stretches
from benchmarks.phases import Phases, say
from benchmarks.rival import Building
from benchmarks.timing import interleaved, machine, size_mb, spread
from index.engines.whoosh import WhooshEngine
from index.ranking.shortlist import COMPILED
from index.sync import catch_up, note
from kb.processes import settle
from webapp.wiring import Services

BUILD = Path("build")
SIZES = (10_000, 100_000, 1_000_000)
QUICK = 100_000
_QUESTIONS = 200
_ROUNDS, _ROUNDS_OF_SLOW = 7, 1
_ROUNDS_OF_VARIANTS, _ROUNDS_OF_VARIANTS_QUICK = 5, 2
# A bigger library is not given to the slowest, which would take hours to say what 100,000 say already.
_MOST_FOR_SLOW = 100_000
# Passages that are indexed with stock Whoosh and with ours from nothing known.
_INDEXED = 10_000
# Documents that are written as files and taken in.
_FILES, _FILES_QUICK = 1_000, 400
# Seconds of requests for each number of clients, and questions that nobody asked before.
_SECONDS, _SECONDS_QUICK, _NEW = 6.0, 2.0, 40_000
_BEGAN = time.perf_counter()
# Of the passages, those deleted after building, so that deleted ones are there in many segments.
_DELETED = 0.01


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    options = parser.parse_args()
    folder = folder_of_data(options.folder)
    real = real_lines(folder)
    asked = questions(real, folder, _QUESTIONS)
    run = Run(folder, real, asked, quick=options.quick)
    figures: dict[str, Any] = {
        "quick": options.quick,
        "machine": machine(),
        "second_pass_compiled": COMPILED,
        "questions": len(asked),
        "left_out": left_out(),
        "phases": run.phases.taken,
        "sizes": {},
    }
    before(run, figures)
    keep(figures)
    for size in [QUICK] if options.quick else options.sizes:
        kept = place_of(size) / "figures.json"
        if kept.exists():
            figures["sizes"][str(size)] = json.loads(kept.read_text(encoding="utf-8"))
            keep(figures)
            continue
        of_size: dict[str, Any] = {}
        figures["sizes"][str(size)] = of_size
        for _ in measure(size, run, of_size):
            keep(figures)
        kept.write_text(json.dumps(of_size), encoding="utf-8")
        say(f"{size:,} passages are measured; the figures are in {BUILD / 'bench.json'}")
    if not options.quick:
        report.write(figures, Path("docs/performance.md"), plot=Path("docs/images/performance.svg"))
    print(json.dumps({name: figures[name] for name in report.RATIOS if name in figures}, indent=2))


@dataclass(frozen=True, slots=True)
class Run:
    """What is measured on, how thoroughly, and how long each part of it took."""

    folder: Path
    real: Sequence[Line]
    asked: Sequence[str]
    quick: bool
    phases: Phases = field(default_factory=Phases)


def place_of(size: int) -> Path:
    """Return where what is built of a size is kept."""
    return BUILD / "bench" / str(size)


def left_out() -> dict[str, str]:
    """Return the engines that cannot be measured here, and why."""
    if xapian_python():
        return {}
    why = "its Python module is not installed here (Debian: apt install python3-xapian)"
    say(f"xapian is left out: {why}")
    return {Xapian.name: why}


def before(run: Run, figures: dict[str, Any]) -> None:
    """Measure what is the same for all sizes; a quick run fills its catalog meanwhile."""
    filling = None
    if run.quick:
        shutil.rmtree(place_of(QUICK), ignore_errors=True)
        filling = begin_filling(QUICK, run)
    with run.phases("indexing some passages, with stock Whoosh and with ours"):
        figures["indexing"] = compared(str(run.folder), _INDEXED)
    if filling is not None:
        with run.phases("waiting until the catalog is filled"):
            end_filling(QUICK, filling)
    with run.phases("taking files in"):
        files = _FILES_QUICK if run.quick else _FILES
        figures["from_files"] = building.Running("files", str(files), str(run.folder)).finish()


def keep(figures: dict[str, Any]) -> None:
    """Write what is measured so far: a run that is broken off has not been in vain."""
    figures |= report.ratios(figures["sizes"], figures.get("indexing", {}))
    BUILD.mkdir(exist_ok=True)
    figures["took_s"] = round(time.perf_counter() - _BEGAN)
    (BUILD / "bench.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def measure(size: int, run: Run, figures: dict[str, Any]) -> Iterator[None]:
    """Put all figures of one size into ``figures``, yielding whenever there are more."""
    folder, asked = place_of(size), run.asked
    services, built = build(size, run)
    figures |= built
    engine = services.live.engine()[0]
    assert isinstance(engine, WhooshEngine)
    gone = remove_some(services, engine)
    figures["segments"], figures["deleted"] = len(engine.plain_ranking().snapshot.segments), len(gone)
    figures["index_mb"] = size_mb(folder / "home/index")
    figures["catalog_mb"] = round(size_mb(folder / "home") - figures["index_mb"], 1)
    yield
    figures["engines"] = {}
    rivals = build_rivals(size, services, run, gone=gone, figures=figures["engines"])
    yield
    with run.phases("timing the engines"):
        ours = (Plain, PlainFromQuestion, Shipped, ShippedFromParsed)
        time_engines(figures, [*(one(engine) for one in ours), *rivals], asked)
    yield
    with run.phases("timing other ways of asking"):
        rounds = _ROUNDS_OF_VARIANTS_QUICK if run.quick else _ROUNDS_OF_VARIANTS
        figures["variants"] = variants.timed(engine, rivals[0], asked, rounds=rounds)
    for rival in rivals:
        if isinstance(rival, Xapian):
            rival.close()
    del rivals
    yield
    # As a process does that serves.
    settle()
    with run.phases("timing the service"):
        figures["service"] = time_service(services, asked)
    yield
    with run.phases("timing a process from its start"):
        figures["process"] = web.process_figures(folder / "home", asked)
    with run.phases("timing HTTP"), web.serving(folder / "home") as port:
        seconds = _SECONDS_QUICK if run.quick else _SECONDS
        figures["http"] = web.http_figures(port, asked, stretches(run.real, _NEW), seconds=seconds)
    yield
    with run.phases("timing changes"):
        figures["change"] = time_change(services, engine)
        figures["while_indexing"] = while_indexing(services, engine, folder / "home", asked)
    services.close()
    yield


def build(size: int, run: Run) -> tuple[Services, dict[str, Any]]:
    """Put passages into a catalog and index them, unless that was done before; return the figures of it."""
    folder = place_of(size)
    home, filled, done = folder / "home", folder / "filled.json", folder / "built.json"
    if done.exists():
        say(f"using the library of {size:,} passages that is there")
        return services_at(home), json.loads(done.read_text(encoding="utf-8"))
    if not filled.exists():
        with run.phases(f"filling a catalog with {size:,} passages"):
            end_filling(size, begin_filling(size, run))
    with run.phases(f"indexing {size:,} passages"):
        figures = json.loads(filled.read_text(encoding="utf-8"))
        figures |= building.Running("index", str(home)).finish()
    done.write_text(json.dumps(figures), encoding="utf-8")
    return services_at(home), figures


def begin_filling(size: int, run: Run) -> building.Running:
    """Have another process put passages into a new catalog."""
    home = place_of(size) / "home"
    shutil.rmtree(place_of(size), ignore_errors=True)
    home.mkdir(parents=True)
    return building.Running("fill", str(home), str(size), str(run.folder))


def end_filling(size: int, filling: building.Running) -> None:
    """Wait until the passages are in the catalog, and keep how fast they came."""
    figures = {"passages": size, **filling.finish()}
    (place_of(size) / "filled.json").write_text(json.dumps(figures), encoding="utf-8")


def remove_some(services: Services, engine: WhooshEngine) -> set[str]:
    """Delete some passages from the index, once; return which."""
    ids = sorted(engine.ids())
    gone = set(ids[:: int(1 / _DELETED)])
    if engine.plain_ranking().snapshot.live.all():
        with engine.writer(engine.sequence) as batch:
            for passage_id in gone:
                batch.delete(passage_id)
        engine.refresh()
    return gone


def build_rivals(
    size: int, services: Services, run: Run, *, gone: set[str], figures: dict[str, Any]
) -> list[Contestant]:
    """Index the passages with the others; return them, and note how fast each was and how much it wrote."""
    folder = place_of(size) / "rivals"
    shutil.rmtree(folder, ignore_errors=True)
    rivals: list[Contestant] = [Tantivy(), TantivyAsSold()]
    number = services.generations.live()
    assert number is not None
    index = services.generations.path(number)
    whoosh = None
    if size <= _MOST_FOR_SLOW:
        rivals += [SqliteFts5(), Bm25s()]
        if xapian_python():
            rivals.append(Xapian())
        # In another process, and meanwhile the others.
        whoosh = Building(index, folder / StockWhoosh.name, gone)
    with run.phases("building the other engines"):
        batches = list(stored(index, texts_of(services)))
        for rival in rivals:
            place = folder / rival.name.replace(" ", "-").replace(",", "")
            place.mkdir(parents=True)
            began = time.perf_counter()
            rival.build(batches, place)
            figures[rival.name] = {
                "index_passages_per_s": round(size / (time.perf_counter() - began)),
                "disk_mb": size_mb(place),
            }
        del batches
    # Answers are timed when all is noted that they need.
    with run.phases("noting what answers need of each passage"):
        note_all(services)
    if whoosh is not None:
        with run.phases("waiting until stock Whoosh is built"):
            engine, figures[StockWhoosh.name] = whoosh.finish()
        rivals.append(engine)
    return rivals


def note_all(services: Services) -> None:
    """Note what answers need of each passage, as a worker does when there is nothing else to do."""
    while note(services.catalog, services.generations, wait=60, most=10_000):
        pass


def texts_of(services: Services) -> Callable[[str], tuple[str, str]]:
    """Return what gives the title and the text of a passage."""
    with services.catalog.reading() as transaction:
        known = {
            change.passage.id: (change.title, change.passage.text)
            for change in transaction.passages.changes_since(0, limit=10_000_000)
        }
    return lambda passage_id: known.get(passage_id, ("", ""))


def time_engines(figures: dict[str, Any], contestants: Sequence[Any], asked: Sequence[str]) -> None:
    """Time the engines in turn, and compare the plain ranking with Whoosh's."""
    analysed = [Question.of(question) for question in asked]
    ways: dict[str, Callable[[Question], list[str]]] = {one.name: one.search for one in contestants}
    answered: dict[str, list[str]] = {}
    if StockWhoosh.name in ways:
        # It is asked but once, so what it says is kept for comparing.
        stock = ways[StockWhoosh.name]
        ways[StockWhoosh.name] = lambda one: answered.setdefault(one.typed, stock(one))
    slow = {StockWhoosh.name, SqliteFts5.name, Bm25s.name, Xapian.name}
    rounds = {name: _ROUNDS_OF_SLOW if name in slow else _ROUNDS for name in ways}
    times = interleaved(ways, analysed, rounds=rounds)
    for name, taken in times.items():
        figures["engines"].setdefault(name, {}).update(taken)
    if answered:
        same = sum(ways[Plain.name](one) == answered[one.typed] for one in analysed)
        figures["identical_to_whoosh"] = {
            "same_top_ten": same,
            "questions": len(analysed),
            "limit": LIMIT,
            "segments": figures["segments"],
            "deleted": figures["deleted"],
        }


def time_service(services: Services, asked: Sequence[str]) -> dict[str, float]:
    """Return how long an answer takes with its text, proof and marks.

    ``first`` is when nothing is known of its passages yet. Then each is worked out again three times, as
    another number of hits is asked for, and at last asked for once more, when it is kept whole.
    """
    search = services.search.search
    figures: dict[str, float] = {}
    for name, limits in (("first_", [10]), ("", [11, 12, 13]), ("again_", [13])):
        taken = []
        for question in asked:
            of_question = []
            for limit in limits:
                began = time.perf_counter()
                search(question, limit=limit)
                of_question.append((time.perf_counter() - began) * 1000)
            taken.append(median(of_question))
        figures |= {f"{name}{part}": value for part, value in spread(taken).items()}
    return figures


def time_change(services: Services, engine: WhooshEngine) -> dict[str, float]:
    """Return how long it takes from the commit of a changed document of 50 passages until it is found."""
    word = f"zq{time.time_ns()}"
    lines = [
        Line("", "changed", "en", "A changed document", f"Sentence {n} of {word} for all offices.")
        for n in range(50)
    ]
    with services.catalog.writing() as transaction:
        publish(transaction, "changed", lines)
    began = time.perf_counter()
    catch_up(services.catalog, engine)
    engine.refresh()
    found = services.search.search(word).total
    return {"passages_found": found, "seconds": round(time.perf_counter() - began, 3)}


def while_indexing(
    services: Services, engine: WhooshEngine, home: Path, asked: Sequence[str]
) -> dict[str, float]:
    """Return how long the service takes while another process indexes 5,000 passages, and just before.

    Each round asks for another stretch of ten hits, so that none is answered by what was kept.
    """
    before = [_searched(services, question, turn) for turn in (1, 2) for question in asked]
    worker = subprocess.Popen([sys.executable, "-m", "benchmarks.home", str(home), "5000"])
    taken: list[float] = []
    for turn in itertools.count(3):
        for question in asked:
            if worker.poll() is None:
                taken.append(_searched(services, question, turn))
        if worker.poll() is not None:
            break
    engine.refresh()
    idle = {f"idle_{part}": value for part, value in spread(before).items()}
    return {"searches": len(taken), **spread(taken or [0.0]), **idle}


def _searched(services: Services, question: str, offset: int) -> float:
    """Return the milliseconds that an answer takes."""
    began = time.perf_counter()
    services.search.search(question, offset=offset)
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()

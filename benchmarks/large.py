"""What does a library of a million passages take of a machine? Each figure in processes of their own.

    python -m benchmarks.large start HOME [FOLDER]     until the first answer, and the memory of two processes
    python -m benchmarks.large changed HOME            from the commit of a changed document until it is found
    python -m benchmarks.large beside HOME [FOLDER]    how long answers take while a worker indexes
    python -m benchmarks.large plain HOME [FOLDER]     ten passages from terms, tantivy and ours in turn

HOME is one that ``benchmarks.building`` filled and indexed; ``changed`` and ``beside`` put more into it.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.contestants import Plain, Question, Shipped, Tantivy, stored
from benchmarks.home import fill, publish, services_at
from benchmarks.library import Line, folder_of_data, questions, real_lines
from benchmarks.timing import interleaved, spread
from index.engines.whoosh import WhooshEngine
from webapp.wiring import Services

_QUESTIONS, _ROUNDS, _CHANGES = 200, 5, 7
# Seconds that the worker works, and that it is halted, in turn; how often, and passages that keep it at it.
_TURN, _TURNS, _PENDING = 5.0, 8, 40_000
_FOUND_WITHIN = 120.0
# As `kb serve` starts one of its processes, but asked by the pipe and not by a socket.
_ANSWERING = """
import resource, sys, time
import webapp.cli
from kb.settings import load
from webapp import create_app
from webapp.wiring import wire
client = create_app(wire(load({}, home=sys.argv[1]))).test_client()
for line in sys.stdin:
    assert client.get("/search", query_string={"q": line.strip()}).status_code == 200
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(time.time(), used.ru_utime + used.ru_stime, flush=True)
"""


def main() -> None:
    """Run the command and print what was measured as a line of JSON."""
    ways: dict[str, Callable[[Path, str | None], dict[str, Any]]] = {
        "start": _start,
        "changed": lambda home, _folder: _changed(home),
        "beside": _beside,
        "plain": _plain,
    }
    parser = argparse.ArgumentParser()
    parser.add_argument("way", choices=ways)
    parser.add_argument("home", type=Path)
    parser.add_argument("folder", nargs="?")
    options = parser.parse_args()
    print(json.dumps(ways[options.way](options.home, options.folder)))


def _asked(folder: str | None) -> list[str]:
    data = folder_of_data(folder)
    return questions(real_lines(data), data, _QUESTIONS)


def _start(home: Path, folder: str | None) -> dict[str, Any]:
    """Start a process that answers, its files in memory, then another; ask both all questions."""
    asked = _asked(folder)
    for path in home.glob("index/*/*.arrays"):
        path.read_bytes()
    processes: list[_Answering] = []
    try:
        began = time.time()
        processes.append(_Answering(home))
        first = processes[0].ask(asked[0])
        processes.append(_Answering(home))
        for process in processes:
            for question in asked:
                process.ask(question)
        memory = [process.memory_mb() for process in processes]
    finally:
        for process in processes:
            process.end()
    return {
        "start_to_first_answer_s": round(first[0] - began, 2),
        "start_to_first_answer_cpu_s": round(first[1], 2),
        **{
            f"process_{number}_{name}_mb": value
            for number, each in enumerate(memory, 1)
            for name, value in each.items()
        },
    }


class _Answering:
    """A process that answers as one of `kb serve` does."""

    def __init__(self, home: Path) -> None:
        command = [sys.executable, "-c", _ANSWERING, str(home)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, question: str) -> tuple[float, float]:
        """Ask a question; return when it was answered, and for how long the processor has worked by then."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(question.replace("\n", " ") + "\n")
        self._process.stdin.flush()
        at, worked = self._process.stdout.readline().split()
        return float(at), float(worked)

    def memory_mb(self) -> dict[str, float]:
        """Return what it has in memory, its share of that, and what is its own alone."""
        told: dict[str, int] = {}
        for line in Path(f"/proc/{self._process.pid}/smaps_rollup").read_text().splitlines()[1:]:
            name, size = line.split(":")
            told[name] = int(size.split()[0])
        own = told["Private_Clean"] + told["Private_Dirty"]
        found = {
            "resident": told["Rss"],
            "proportional": told["Pss"],
            "own": own,
            "no_file": told["Anonymous"],
        }
        return {name: round(kilobytes / 1024, 1) for name, kilobytes in found.items()}

    def end(self) -> None:
        """End it."""
        self._process.communicate()


def _changed(home: Path) -> dict[str, Any]:
    """Change a document of 50 passages a few times; return when a process that answers finds it."""
    services = services_at(home)
    services.search.search("where is the office")
    taken, worked = [], []
    with _worker(home) as worker:
        # The first change waits until the worker has opened the index.
        for _ in range(_CHANGES + 1):
            word = f"zq{time.time_ns()}"
            lines = [
                Line("", "changed", "en", "A changed document", f"Sentence {n} of {word} for all offices.")
                for n in range(50)
            ]
            with services.catalog.writing() as transaction:
                publish(transaction, "changed", lines)
            began, before = time.perf_counter(), _worked_s(worker.pid)
            while not services.search.search(word, limit=10).total:
                if time.perf_counter() - began > _FOUND_WITHIN:
                    raise SystemExit("a changed document is not found")
                time.sleep(0.02)
            taken.append(time.perf_counter() - began)
            worked.append(_worked_s(worker.pid) - before)
    services.close()
    return {
        "changed_found_after_s": round(median(taken[1:]), 2),
        "changed_found_after_most_s": round(max(taken[1:]), 2),
        "changed_worker_cpu_s": round(median(worked[1:]), 2),
        "first_change_found_after_s": round(taken[0], 2),
    }


def _worked_s(pid: int) -> float:
    """Return for how long the processor has worked for a process."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _beside(home: Path, folder: str | None) -> dict[str, Any]:
    """Ask with a worker that works and with one that is halted, in turn, so that all else is the same."""
    asked = [Question.of(question).typed for question in _asked(folder)]
    services = services_at(home)
    fill(services, _new_lines())
    taken: dict[str, list[float]] = {"idle": [], "indexing": []}
    for question in asked:
        services.search.search(question, limit=10)
    with _worker(home) as worker:
        time.sleep(_TURN)
        for turn in range(_TURNS):
            indexing = turn % 2 == 1
            os.killpg(worker.pid, signal.SIGCONT if indexing else signal.SIGSTOP)
            until = time.perf_counter() + _TURN
            for place in range(100_000):
                # Another number of hits each time: an answer that is kept would tell nothing.
                began = time.perf_counter()
                services.search.search(asked[place % len(asked)], limit=11 + turn)
                taken["indexing" if indexing else "idle"].append((time.perf_counter() - began) * 1000)
                if time.perf_counter() > until:
                    break
        os.killpg(worker.pid, signal.SIGCONT)
    services.close()
    found = {name: spread(times) for name, times in taken.items()}
    return {
        **{f"{name}_{part}": value for name, of_way in found.items() for part, value in of_way.items()},
        "indexing_vs_idle_p50": round(found["indexing"]["p50_ms"] / found["idle"]["p50_ms"], 2),
        "indexing_vs_idle_p95": round(found["indexing"]["p95_ms"] / found["idle"]["p95_ms"], 2),
    }


def _new_lines() -> Iterator[Line]:
    stamp = time.time_ns()
    for number in range(_PENDING):
        text = f"The office answers letters about number {number} of {stamp} within a week. " * 8
        yield Line("", f"new-{stamp}-{number // 50}", "en", f"Letters {number // 50}", text)


@contextmanager
def _worker(home: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run `kb worker` in a session of its own, as `kb serve` does."""
    command = [sys.executable, "-m", "webapp.cli", "worker"]
    environment = {**os.environ, "KB_HOME": str(home)}
    process = subprocess.Popen(command, env=environment, start_new_session=True)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def _plain(home: Path, folder: str | None) -> dict[str, Any]:
    """Ask tantivy and ours for ten passages over the same terms of the same fields, in turn."""
    asked = [Question.of(question) for question in _asked(folder)]
    services: Services = services_at(home)
    engine, number = services.live.engine()
    assert isinstance(engine, WhooshEngine)
    rival = Tantivy()
    with tempfile.TemporaryDirectory() as name:
        place = Path(os.environ.get("KB_BENCH_TANTIVY") or name)
        if any(place.iterdir()):
            rival.open(place)
        else:
            rival.build(stored(services.generations.path(number), lambda _id: ("", "")), place)
        ways = {each.name: each.search for each in (rival, Plain(engine), Shipped(engine))}
        found = interleaved(ways, asked, rounds={name: _ROUNDS for name in ways})
    services.close()
    return found


if __name__ == "__main__":
    main()

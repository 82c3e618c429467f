"""How fast does the server answer, and what does a process of it cost? Asked from this machine."""

from __future__ import annotations

import asyncio
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote_plus

from benchmarks.timing import spread

_CLIENTS = (1, 4, 16, 64)
_PATHS = {"api": "/api/v1/search?q=", "page": "/search?q="}
# Seconds at most that all questions are asked before it counts.
_WARM_UP = 60.0
_START = """
import sys, time
from pathlib import Path
from benchmarks.home import services_at
from benchmarks.timing import own_mb, peak_mb
services = services_at(Path(sys.argv[1]))
services.search.search(sys.argv[2], limit=10)
print("answered", time.time(), flush=True)
for line in sys.stdin:
    services.search.search(line.strip(), limit=10)
print("memory", peak_mb(), own_mb())
"""


def process_figures(home: Path, questions: Sequence[str]) -> dict[str, float]:
    """Start a process as the server does; return when it first answers, and its memory at the end."""
    began = time.time()
    done = subprocess.run(
        [sys.executable, "-c", _START, str(home), questions[0]],
        input="\n".join(questions),
        capture_output=True,
        text=True,
        check=True,
    )
    answered, memory = (line.split() for line in done.stdout.splitlines())
    return {
        "start_to_first_answer_s": round(float(answered[1]) - began, 2),
        "memory_peak_mb": float(memory[1]),
        "memory_own_mb": float(memory[2]),
    }


@contextmanager
def serving(home: Path) -> Iterator[int]:
    """Run `kb serve` on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "-m", "webapp.cli", "serve", "--port", str(port), "--no-worker"],
        env={**os.environ, "KB_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        if "ready" not in process.stdout.readline():
            raise SystemExit("kb serve did not start")
        yield port
    finally:
        process.terminate()
        process.wait()


def http_figures(
    port: int, questions: Sequence[str], new: Sequence[str], *, seconds: float
) -> dict[str, dict[str, dict[str, float]]]:
    """Return requests a second, latencies and errors of the API and of the page, by number of clients.

    ``questions`` are asked again and again, those of ``new`` once each.
    """
    figures: dict[str, dict[str, dict[str, float]]] = {}
    not_yet = iter(new)
    for name, path in _PATHS.items():
        figures[f"{name}, new questions"] = {
            str(clients): asyncio.run(
                load(port, (path + quote_plus(each) for each in not_yet), clients=clients, seconds=seconds)
            )
            for clients in _CLIENTS
        }
        asked = [path + quote_plus(question) for question in questions]
        # Each process must have been asked each question: which of them answers is chance.
        asyncio.run(load(port, iter(asked * 4), clients=16, seconds=_WARM_UP))
        figures[f"{name}, asked again"] = {
            str(clients): asyncio.run(load(port, _again(asked), clients=clients, seconds=seconds))
            for clients in _CLIENTS
        }
    return figures


def _again(paths: Sequence[str]) -> Iterator[str]:
    chance = random.Random(1)
    while True:
        yield chance.choice(paths)


async def load(port: int, paths: Iterator[str], *, clients: int, seconds: float) -> dict[str, float]:
    """Ask for paths, by so many clients at once; return requests a second, latencies and errors."""
    taken: list[float] = []
    errors = [0]
    until = time.perf_counter() + seconds
    began = time.perf_counter()
    await asyncio.gather(*(_client(port, paths, until, taken, errors) for _ in range(clients)))
    return {
        "requests_per_s": round(len(taken) / (time.perf_counter() - began), 1),
        **spread([seconds * 1000 for seconds in taken] or [0.0]),
        "errors": errors[0],
    }


async def _client(
    port: int, paths: Iterator[str], until: float, taken: list[float], errors: list[int]
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 22)
    head_of = f" HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: gzip\r\n\r\n"
    while time.perf_counter() < until and (path := next(paths, None)) is not None:
        began = time.perf_counter()
        writer.write(f"GET {path}{head_of}".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        status = int(head.split(" ", 2)[1])
        length = next(
            (int(line[15:]) for line in head.split("\r\n") if line.startswith("content-length:")), None
        )
        if length is not None:
            await reader.readexactly(length)
        taken.append(time.perf_counter() - began)
        errors[0] += status != 200 or length is None
        if length is None or "connection: close" in head:
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 22)
    writer.close()

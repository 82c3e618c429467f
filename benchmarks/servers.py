"""Which server answers best? The same application behind each of them, asked in turn, several times over.

    pip install gunicorn granian
    python -m benchmarks.servers HOME [--seconds S] [--rounds N]

HOME is a library (``python -m benchmarks.speed --quick`` leaves one in build/bench/100000/home). A few
questions are asked again and again, so that the servers' own work shows beside that of making an answer.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median

from flask import Flask

from benchmarks.home import services_at
from benchmarks.web import load
from webapp import create_app

_QUESTIONS = ("/search?q=water", "/search?q=school", "/search?q=salud", "/health/live")
_CLIENTS = (4, 16, 64)
_APPLICATION = "benchmarks.servers:application()"
_PYTHON = [sys.executable, "-m"]
_OURS = [*_PYTHON, "webapp.cli", "serve", "--no-worker", "--port", "PORT"]
_GUNICORN = ["gunicorn", "-w", "2", "-k", "gthread", "--threads", "4", "-b", "127.0.0.1:PORT", _APPLICATION]
_GRANIAN = ["granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "4", "--factory"]
_GRANIAN += ["--host", "127.0.0.1", "--port", "PORT", "benchmarks.servers:application"]
_SERVERS = {
    "waitress, 1 process, 4 threads": (1, _OURS),
    "waitress, 2 processes, 4 threads": (2, _OURS),
    "gunicorn, 2 processes, 4 threads": (2, [*_PYTHON, *_GUNICORN]),
    "granian, 2 processes, 4 threads": (2, [*_PYTHON, *_GRANIAN]),
}


def application() -> Flask:
    """Return the application of the library that the environment names."""
    return create_app(services_at(Path(os.environ["KB_HOME"])))


def main() -> None:
    """Run the command and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("home", type=Path)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    found: dict[tuple[str, int], list[dict[str, float]]] = {}
    for _ in range(options.rounds):
        for name in _SERVERS:
            with _serving(name, options.home) as port:
                asyncio.run(load(port, iter(_QUESTIONS * 100), clients=16, seconds=20))
                for clients in _CLIENTS:
                    figures = asyncio.run(load(port, _again(), clients=clients, seconds=options.seconds))
                    found.setdefault((name, clients), []).append(figures)
    print("| server | clients | requests/s | p50 ms | p95 ms | errors |\n|---|---|---|---|---|---|")
    for (name, clients), rounds in found.items():
        of = {key: median(figures[key] for figures in rounds) for key in rounds[0]}
        print(
            f"| {name} | {clients} | {of['requests_per_s']:.0f} | {of['p50_ms']:.1f} | {of['p95_ms']:.1f} | "
            f"{of['errors']:.0f} |"
        )


def _again() -> Iterator[str]:
    while True:
        yield from _QUESTIONS


@contextmanager
def _serving(name: str, home: Path) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    processes, command = _SERVERS[name]
    process = subprocess.Popen(
        [part.replace("PORT", str(port)) for part in command],
        env={**os.environ, "KB_HOME": str(home), "KB_PROCESSES": str(processes)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait(port)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _wait(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=5):
            return
        time.sleep(0.2)
    raise SystemExit("a server did not start")


if __name__ == "__main__":
    main()

"""The service as users start it: real processes, a real port."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.library import services_at, take_in, write
from tests.waiting import PATIENCE, wait_until

KB = [sys.executable, "-m", "webapp.cli"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    home: Path, port: int, *, folder: Path | None = None, processes: int = 1
) -> Iterator[subprocess.Popen[str]]:
    """Run `kb serve` until it says that it is ready; stop it at the end if it still runs.

    From a ``folder``, it runs as the installed command does: without that folder among Python's.
    """
    root = str(Path(__file__).parents[2])
    process = subprocess.Popen(
        [KB[0], *(["-P"] if folder else []), *KB[1:], "serve", "--port", str(port)],
        cwd=folder,
        env={
            **os.environ,
            "KB_HOME": str(home),
            "KB_WORKER_INTERVAL": "0.05",
            "KB_PROCESSES": str(processes),
            "PYTHONPATH": root,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        ready = process.stdout.readline()
        assert f"http://127.0.0.1:{port}" in ready, process.communicate()
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def get(port: int, path: str, *, host: str | None = None) -> tuple[int, str]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": host} if host else {})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def children(pid: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return [int(line) for line in listed.stdout.split()]


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.fixture
def home(tmp_path: Path) -> Path:
    services = services_at(tmp_path / "home")
    take_in(services, write(tmp_path / "guides", hotline="Call the county hotline at 800-555-0100."))
    services.close()
    return tmp_path / "home"


def test_the_service_answers_reads_what_comes_and_stops_cleanly(home: Path, tmp_path: Path) -> None:
    port = free_port()
    with serving(home, port) as process:
        assert get(port, "/health/live")[0] == 200
        assert get(port, "/health/ready")[0] == 200
        assert "800-555-0100" in get(port, "/search?q=county+hotline")[1]

        # Another process accepts a document; the worker beside the server reads and indexes it.
        write(tmp_path / "guides", parking="Parking is behind the house, next to the school.")
        accepted = subprocess.run(
            [*KB, "ingest", str(tmp_path / "guides"), "--no-wait"],
            env={**os.environ, "KB_HOME": str(home)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert accepted.returncode == 0, accepted.stderr
        wait_until(
            lambda: json.loads(get(port, "/api/v1/search?q=parking")[1])["total"] == 1,
            "the new document is found",
        )

        (worker,) = children(process.pid)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
        wait_until(lambda: gone(worker), "the worker has ended with the server")


def test_several_processes_answer_at_one_address_and_stop_with_it(home: Path) -> None:
    port = free_port()
    with serving(home, port, processes=2) as process:
        started = children(process.pid)
        assert len(started) == 3, "a worker, and two that answer"
        for _ in range(20):
            assert "800-555-0100" in get(port, "/search?q=county+hotline")[1]
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
        wait_until(lambda: all(map(gone, started)), "all have ended")


def test_a_process_that_dies_is_followed_by_another(home: Path) -> None:
    port = free_port()
    with serving(home, port, processes=2) as process:
        started = children(process.pid)
        for each in started:
            os.kill(each, signal.SIGKILL)
        wait_until(
            lambda: len(children(process.pid)) == 3 and not set(started) & set(children(process.pid)),
            "others run",
        )
        assert "800-555-0100" in get(port, "/search?q=county+hotline")[1]


def test_processes_that_answer_end_when_their_server_is_killed(home: Path) -> None:
    with serving(home, free_port(), processes=2) as process:
        started = children(process.pid)
        process.kill()
        process.wait(PATIENCE)
        wait_until(lambda: all(map(gone, started)), "all have ended")


def test_a_worker_ends_when_its_server_is_killed(home: Path) -> None:
    with serving(home, free_port()) as process:
        (worker,) = children(process.pid)
        process.kill()
        process.wait(PATIENCE)
        wait_until(lambda: gone(worker), "the worker has ended")


def test_what_lies_in_the_current_folder_is_not_run_by_the_worker(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "downloads"
    folder.mkdir()
    (folder / "json.py").write_text("open('was-run', 'w').close()\nraise SystemExit", "utf-8")
    port = free_port()
    with serving(home, port, folder=folder) as process:
        write(tmp_path / "guides", parking="Parking is behind the house, next to the school.")
        subprocess.run(
            [*KB, "ingest", str(tmp_path / "guides"), "--no-wait"],
            env={**os.environ, "KB_HOME": str(home)},
            capture_output=True,
            check=True,
        )
        wait_until(
            lambda: json.loads(get(port, "/api/v1/search?q=parking")[1])["total"] == 1,
            "the worker has read the new document",
        )
        assert len(children(process.pid)) == 1
    assert not (folder / "was-run").exists()


def test_a_worker_that_dies_is_started_again(home: Path) -> None:
    with serving(home, free_port()) as process:
        (worker,) = children(process.pid)
        os.kill(worker, signal.SIGKILL)
        wait_until(lambda: children(process.pid) not in ([], [worker]), "another worker runs")


def test_a_port_that_is_taken_is_said_in_one_line(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = subprocess.run(
            [*KB, "serve", "--port", str(port)],
            env={**os.environ, "KB_HOME": str(home)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert result.returncode == 1
    assert f"port {port} is taken" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_an_index_of_another_version_is_said_in_one_line(home: Path) -> None:
    path = home / "index" / "00000001" / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 999}))
    result = subprocess.run(
        [*KB, "serve", "--port", str(free_port())],
        env={**os.environ, "KB_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert "another version" in result.stderr
    assert "kb reindex" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_only_known_host_names_are_answered(home: Path) -> None:
    port = free_port()
    with serving(home, port):
        assert get(port, "/", host=f"localhost:{port}")[0] == 200
        assert get(port, "/", host="evil.example")[0] == 400

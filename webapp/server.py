"""How is the knowledge base served? Waitress answers the pages, a worker process keeps the index up."""

from __future__ import annotations

import errno
import ipaddress
import logging
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import FrameType

import waitress

from kb.errors import KBError, ServerError
from webapp import create_app
from webapp.wiring import Services

log = logging.getLogger("kb.server")

_ROOT = Path(__file__).parents[1]
# Seconds that a worker gets to finish the document at hand.
STOP_WITHIN = 5.0
# Seconds before a worker that ended by itself is started again.
RESTART_AFTER = 2.0


def serve(services: Services, *, with_worker: bool = True) -> None:
    """Serve the pages until interrupted or terminated; a worker runs beside them and stops with them.

    Raises ServerError when the address is not this machine's own or the port is taken, IndexIncompatible
    when the live index cannot be used.
    """
    settings = services.settings
    check_host(settings.host)
    number = services.generations.live()
    if number is not None:
        services.generations.open(number).close()
    server = _listen(services)
    supervisor = WorkerSupervisor() if with_worker else None
    signal.signal(signal.SIGTERM, _leave)
    if supervisor is not None:
        supervisor.start()
    threading.Thread(target=_warm_up, args=(services,), name="warm-up", daemon=True).start()
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    print(f"kb is ready on http://{host}:{settings.port} (stop with Ctrl+C)", flush=True)
    try:
        server.run()
    finally:
        server.close()
        if supervisor is not None:
            supervisor.stop()
        services.close()


def _warm_up(services: Services) -> None:
    """Ask a question, so that no person's first one waits for word lists, models and the index."""
    try:
        services.search.search("which documents are there", limit=1)
    except KBError as error:
        log.info("nothing can be searched yet: %s", error)


def check_host(host: str) -> None:
    """Raise ServerError for an address that other machines could reach: there is no sign-in yet."""
    if host == "localhost":
        return
    try:
        if ipaddress.ip_address(host).is_loopback:
            return
    except ValueError:
        pass
    raise ServerError(
        f"serving on {host} is refused: there is no sign-in yet, and all who reach it could read all",
        remedy="Use --host 127.0.0.1, and reach it from elsewhere through an SSH tunnel.",
    )


def _listen(services: Services) -> waitress.server.BaseWSGIServer:
    settings = services.settings
    if not 0 < settings.port < 65536:
        raise ServerError(
            f"{settings.port} is no port number", remedy="Choose one from 1 to 65535 with --port."
        )
    try:
        return waitress.create_server(
            create_app(services),
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            ident=None,
            # A question has at most a few thousand characters; the default allows a 256 KB header.
            max_request_header_size=65_536,
        )
    except OSError as error:
        reason = (
            "is taken by another program"
            if error.errno == errno.EADDRINUSE
            else f"cannot be used: {error.strerror}"
        )
        raise ServerError(
            f"port {settings.port} {reason}",
            remedy=f"Choose another with --port, for example --port {settings.port + 1}.",
        ) from error


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


class WorkerSupervisor:
    """Runs `kb worker` as a process beside the server and starts it again when it dies."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._watch, name="worker-supervisor", daemon=True)

    def start(self) -> None:
        """Start the worker."""
        self._process = self._spawn()
        self._thread.start()

    def stop(self) -> None:
        """Stop the worker, by force if it does not end in time."""
        self._stopping.set()
        process = self._process
        if process is None:
            return
        process.terminate()
        try:
            process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _spawn(self) -> subprocess.Popen[bytes]:
        # -P: a file that lies in the current folder and is named like a module of Python's is not run.
        command = [sys.executable, "-P", "-m", "webapp.cli", "worker", "--parent", str(os.getpid())]
        paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
        # A process group of its own: Ctrl+C reaches the server only, which then stops the worker in order.
        return subprocess.Popen(command, start_new_session=True, env=environment)

    def _watch(self) -> None:
        while self._process is not None:
            code = self._process.wait()
            if self._stopping.wait(RESTART_AFTER):
                return
            log.error("the worker ended with code %s; starting it again", code)
            self._process = self._spawn()

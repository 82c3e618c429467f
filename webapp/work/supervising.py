"""Who keeps the processes beside the server alive? A thread for each, which starts it again when it dies."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from socket import socket

log = logging.getLogger("kb.server")

_ROOT = Path(__file__).parents[2]
# Seconds before a process that ended by itself is started again.
RESTART_AFTER = 2.0


class Supervised:
    """A process of ours that runs until it is told to stop."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self._name = name
        self._command = command
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._watch, name=f"{name}-supervisor", daemon=True)

    def start(self) -> None:
        """Start the process."""
        self._process = self.spawn()
        self._thread.start()

    def ask_to_stop(self) -> None:
        """Let the process end what it is at, and go."""
        self._stopping.set()
        if self._process is not None:
            self.tell(self._process)

    def wait(self, until: float) -> None:
        """Wait for the process to end until a time of ``time.monotonic``; end it by force after that."""
        process = self._process
        if process is None:
            return
        try:
            process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def spawn(self) -> subprocess.Popen[bytes]:
        """Start a process."""
        return self.run()

    def tell(self, process: subprocess.Popen[bytes]) -> None:
        """Tell a process to stop."""
        process.terminate()

    def run(self, *more: str, **options: object) -> subprocess.Popen[bytes]:
        """Run the command with more arguments, in a process group of its own.

        So Ctrl+C reaches the server only, which then stops the others in order.
        """
        # -P: a file that lies in the current folder and is named like a module of Python's is not run.
        command = [sys.executable, "-P", "-m", "webapp.cli", *self._command, *more]
        paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
        return subprocess.Popen(command, start_new_session=True, env=environment, **options)  # type: ignore[call-overload,no-any-return]

    def _watch(self) -> None:
        while self._process is not None:
            code = self._process.wait()
            if self._stopping.wait(RESTART_AFTER):
                return
            log.error("the %s process ended with code %s; starting it again", self._name, code)
            self._process = self.spawn()


class Pages(Supervised):
    """A process that answers on sockets that this one listens on.

    It is told of them in one line on its standard input, and ends when that is closed: by us, or because we
    are gone.
    """

    def __init__(self, command: Sequence[str], sockets: Sequence[socket]) -> None:
        super().__init__("pages", command)
        self._sockets = sockets

    def spawn(self) -> subprocess.Popen[bytes]:
        """Start a process and hand it the sockets."""
        windows = os.name == "nt"
        numbers = [] if windows else [each.fileno() for each in self._sockets]
        process = self.run(stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=tuple(numbers))
        shared = [b64encode(each.share(process.pid)).decode() for each in self._sockets] if windows else []  # type: ignore[attr-defined,unused-ignore]
        assert process.stdin is not None
        with suppress(OSError):
            process.stdin.write(json.dumps({"numbers": numbers, "shared": shared}).encode() + b"\n")
            process.stdin.flush()
        return process

    def is_ready(self) -> bool:
        """Wait until the process answers; false if it ended instead."""
        assert self._process is not None
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip() == b"ready"

    def tell(self, process: subprocess.Popen[bytes]) -> None:
        """Tell a process to stop."""
        assert process.stdin is not None
        with suppress(OSError):
            process.stdin.close()

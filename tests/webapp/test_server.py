import socket
import time
from collections.abc import Iterator

import pytest

from webapp.server import Courteous


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as shared:
        shared.setblocking(False)
        yield shared


def test_a_process_leaves_a_new_connection_to_one_that_has_fewer(
    listening: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    idle, busy = Courteous(listening.dup(), connections=()), Courteous(listening.dup(), connections="12345")
    taken: list[socket.socket] = []
    with idle, busy, socket.create_connection(listening.getsockname()):
        monkeypatch.setattr(
            time, "sleep", lambda seconds: taken.append(idle.accept()[0]) if seconds else None
        )
        with pytest.raises(BlockingIOError):
            busy.accept()
    assert len(taken) == 1
    taken[0].close()


def test_a_process_takes_a_connection_that_no_other_wants(listening: socket.socket) -> None:
    busy = Courteous(listening.dup(), connections="12345")
    with busy, socket.create_connection(listening.getsockname()) as client:
        connection, address = busy.accept()
        with connection:
            assert address == client.getsockname()


def test_clients_that_keep_no_connection_are_not_held_up_for_long(
    listening: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    with Courteous(listening.dup(), connections="1234567890") as busy:
        for _ in range(200):
            with socket.create_connection(listening.getsockname()):
                busy.accept()[0].close()
    assert waits[0] == 0.01
    assert sum(waits[-50:]) < 0.1 * sum(waits[:50])

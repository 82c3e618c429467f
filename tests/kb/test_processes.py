import os
import socket
import subprocess
import sys

from kb import processes


def test_this_process_is_there() -> None:
    assert not processes.is_gone(processes.me())


def test_a_process_that_has_ended_is_gone() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert processes.is_gone(f"{socket.gethostname()}:{ended.pid}:1")
    assert processes.is_gone(f"{socket.gethostname()}:{ended.pid}")


def test_another_process_with_the_same_number_is_not_the_one_that_was() -> None:
    assert processes.is_gone(f"{socket.gethostname()}:{os.getpid()}:0") == os.path.exists("/proc/self/stat")


def test_of_another_machine_and_of_a_strange_name_nothing_is_known() -> None:
    assert not processes.is_gone("elsewhere.example:999999999:1")
    assert not processes.is_gone(f"{socket.gethostname()}:a-b:1")
    assert not processes.is_gone("")

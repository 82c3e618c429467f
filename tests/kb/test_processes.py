import gc
import os
import socket
import subprocess
import sys
import weakref

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


def test_what_is_there_when_a_process_settles_is_never_looked_through_again_and_what_comes_then_is() -> None:
    class Ring:
        def __init__(self) -> None:
            self.other = self

    before, gone = gc.get_threshold(), []
    old = Ring()
    weakref.finalize(old, gone.append, "old")
    try:
        processes.settle()
        del old
        gc.collect()
        assert gone == []
        weakref.finalize(Ring(), gone.append, "young")
        gc.collect()
        assert gone == ["young"]
        assert gc.get_threshold()[2] > before[2]
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
        gc.collect()
    assert gone == ["young", "old"]

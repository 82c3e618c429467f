"""How is a process killed at every step at which the disk could be left half-way?

A step is a call that makes something durable or visible: fsync, a rename, a commit of the catalog. A forked
child does the work and kills itself, without warning and without clean-up, just before or just after one of
its steps; or its parent kills it at a moment that a seed chose.
"""

from __future__ import annotations

import os
import random
import resource
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import sqlalchemy as sa

from index.library import store
from kb.errors import KBError

Work = Callable[[], None]
_DONE, _RAISED, _NAMED = 0, 70, 71


@dataclass(slots=True)
class _Steps:
    """Counts steps and dies at one: before it for an even number, after it for an odd one.

    With a ``fault``, that is raised instead, as a full or read-only disk does.
    """

    die_at: int
    fault: int = 0
    taken: int = 0

    def around(self, step: Callable[..., object]) -> Callable[..., object]:
        """Return a step that counts and may be the last one."""

        def counted(*arguments: object, **named: object) -> object:
            self.pass_by()
            result = step(*arguments, **named)
            self.pass_by()
            return result

        return counted

    def pass_by(self) -> None:
        """Note one side of a step; die if it is the one."""
        if self.taken == self.die_at and not self.fault:
            os.kill(os.getpid(), signal.SIGKILL)
        self.taken += 1
        if self.fault and self.taken > self.die_at:
            # From here on nothing can be written: a full disk stays full.
            raise OSError(self.fault, os.strerror(self.fault))

    @contextmanager
    def committed(self, transaction: AbstractContextManager[None]) -> Iterator[None]:
        """Count both sides of the commit of what the index knows of the library as a whole."""
        with transaction:
            yield
            self.pass_by()
        self.pass_by()

    def watch(self) -> None:
        """Count the steps of this process from now on."""
        for name in ("fsync", "replace", "rename", "link"):
            setattr(os, name, self.around(getattr(os, name)))
        if not self.fault:  # the databases' own files fail by ``with_small_files``
            os.unlink = self.around(os.unlink)  # type: ignore[assignment]
            transaction = store._transaction
            store._transaction = lambda file: self.committed(transaction(file))  # type: ignore[assignment]
            sa.event.listen(sa.engine.Engine, "commit", lambda _connection: self.pass_by())
            sa.event.listen(sa.pool.Pool, "checkin", lambda *_: self.pass_by())


def steps_of(work: Work) -> int:
    """Return how many places to die at a piece of work has."""
    reading, writing = os.pipe()

    def counting() -> None:
        steps = _Steps(die_at=-1)
        steps.watch()
        work()
        os.write(writing, str(steps.taken).encode())

    assert _ended(_fork(counting)) == _DONE, "the unbroken run failed"
    os.close(writing)
    with os.fdopen(reading) as answer:
        return int(answer.read())


def killed_at(work: Work, step: int) -> bool:
    """Do the work in a child that dies at a step; tell whether it died there."""

    def dying() -> None:
        _Steps(die_at=step).watch()
        work()

    return _was_killed(_fork(dying))


def killed_within(work: Work, seconds: float, chance: random.Random) -> bool:
    """Do the work in a child and kill it at a random moment; tell whether it was still at work."""
    child = _fork(work)
    time.sleep(chance.uniform(0, seconds))
    os.kill(child, signal.SIGKILL)
    return _was_killed(child)


def refused_at(work: Work, step: int, fault: int) -> bool:
    """Do the work on a disk that refuses to write from a step on; tell whether that was met, by its name."""

    def failing() -> None:
        _Steps(die_at=step, fault=fault).watch()
        work()

    return _was_named(_fork(failing))


def with_small_files(work: Work, size: int) -> bool:
    """Do the work where no file may grow over a size, the database's too; tell whether that was met."""

    def failing() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        work()

    return _was_named(_fork(failing))


def unbroken(work: Work) -> float:
    """Do the work in a child that lives; return how many seconds it took."""
    began = time.monotonic()
    assert _ended(_fork(work)) == _DONE, "the unbroken run failed"
    return time.monotonic() - began


def _fork(work: Work) -> int:
    child = os.fork()
    if child:
        return child
    try:
        work()
    except KBError:
        os._exit(_NAMED)
    except BaseException:  # noqa: BLE001 – a child must never return into its parent's work
        traceback.print_exc()
        os._exit(_RAISED)
    os._exit(_DONE)


def _ended(child: int) -> int:
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def _was_named(child: int) -> bool:
    code = _ended(child)
    assert code in (_DONE, _NAMED), (
        f"the work ended with {code}, without an error that has a name and a remedy"
    )
    return code == _NAMED


def _was_killed(child: int) -> bool:
    code = _ended(child)
    assert code in (_DONE, -signal.SIGKILL), f"the work failed with {code} instead of being killed"
    return code == -signal.SIGKILL

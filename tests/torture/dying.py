"""How is a process killed at every step at which the disk could be left half-way?

A step is a call that makes something durable or visible: fsync, a rename, a commit of the catalog. A forked
child does the work and kills itself, without warning and without clean-up, just before or just after one of
its steps; or its parent kills it at a moment that a seed chose.
"""

from __future__ import annotations

import errno
import gc
import hashlib
import json
import os
import random
import resource
import signal
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from index.library import store
from kb.errors import KBError

Work = Callable[[], None]
_DONE, _RAISED, _NAMED = 0, 70, 71
# Seconds after which what a child does hangs.
_PATIENCE = 300


@dataclass(slots=True)
class _Steps:
    """Counts the sides of steps and dies at one; ``seen`` is told of each, and whether it is before a file's.

    With a ``fault``, that is raised instead, as a full or read-only disk does.
    """

    die_at: int
    fault: int = 0
    taken: int = 0
    seen: Callable[[bool], None] | None = None

    def around(self, step: Callable[..., object], *, removes: bool = False) -> Callable[..., object]:
        """Return a step that counts and may be the last one."""

        def counted(*arguments: object, **named: object) -> object:
            self.pass_by(file=True)
            # A full disk lets files be removed, a read-only one does not.
            if self.fault and self.taken > self.die_at and (not removes or self.fault == errno.EROFS):
                raise OSError(self.fault, os.strerror(self.fault))
            result = step(*arguments, **named)
            self.pass_by()
            return result

        return counted

    def pass_by(self, *, file: bool = False) -> None:
        """Note one side of a step; die if it is the one."""
        if self.taken == self.die_at and not self.fault:
            os.kill(os.getpid(), signal.SIGKILL)
        if self.seen is not None:
            self.seen(file)
        self.taken += 1

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
        os.unlink = self.around(os.unlink, removes=True)  # type: ignore[assignment]
        transaction = store.transaction
        store.transaction = lambda file: self.committed(transaction(file))  # type: ignore[assignment]
        sa.event.listen(sa.engine.Engine, "commit", lambda _connection: self.pass_by())
        sa.event.listen(sa.pool.Pool, "checkin", lambda *_: self.pass_by())


@dataclass(frozen=True, slots=True)
class Sides:
    """How many sides the steps of a piece of work have, and at which of them it is worth dying or refusing.

    ``changing`` are those at which the disk is not, byte for byte, as it was at the side before: dying at the
    others leaves the same. ``files`` are those before a file is written to the disk, renamed or removed.
    """

    count: int
    changing: Sequence[int]
    files: Sequence[int]


def sides_of(work: Work, folder: Path, *, exact: bool) -> Sides:
    """Do a piece of work that writes below a folder; return the sides of its steps.

    Unless ``exact``, which reads the whole folder at each, all of them are held to be changing.
    """

    def counting() -> str:
        prints, files = [b""], []

        def seen(file: bool) -> None:
            prints.append(_print_of(folder) if exact else b"%d" % len(prints))
            if file:
                files.append(len(prints) - 2)

        _Steps(die_at=-1, seen=seen).watch()
        work()
        changing = [side for side in range(len(prints) - 1) if prints[side] != prints[side + 1]]
        return json.dumps([len(prints) - 1, changing, files])

    return Sides(*json.loads(apart(counting)))


def _print_of(folder: Path) -> bytes:
    """Return what is another when a file below a folder is, but for what SQLite makes anew when it opens."""
    digest = hashlib.blake2b()
    for path in sorted(folder.rglob("*")):
        digest.update(os.fsencode(path))
        with suppress(FileNotFoundError):
            if path.is_file() and not path.name.endswith("-shm"):
                digest.update(path.read_bytes())
    return digest.digest()


def apart(work: Callable[[], str]) -> str:
    """Do something in a child; return what it tells. AssertionError when it raises, crashes or hangs."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        _settle_in()
        signal.alarm(_PATIENCE)
        code = _DONE
        try:
            told = work()
        except BaseException as error:  # noqa: BLE001 – a child must never return into its parent's work
            told, code = f"{error!r} at {traceback.format_exc().strip().splitlines()[-3].strip()}", _RAISED
        with os.fdopen(writing, "w", encoding="utf-8") as answer:
            answer.write(told)
        os._exit(code)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as answer:
        told = answer.read()
    code = _ended(child)
    assert code == _DONE, f"it ended with {code}: {told}"
    return told


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


def refused_by_disk(work: Work) -> bool:
    """Do the work where the disk may refuse to write; tell whether that was met, by its name."""
    return _was_named(_fork(work))


def unbroken(work: Work) -> float:
    """Do the work in a child that lives; return how many seconds it took."""
    began = time.monotonic()
    assert _ended(_fork(work)) == _DONE, "the unbroken run failed"
    return time.monotonic() - began


def _fork(work: Work) -> int:
    child = os.fork()
    if child:
        return child
    _settle_in()
    try:
        work()
    except KBError:
        os._exit(_NAMED)
    except BaseException:  # noqa: BLE001 – a child must never return into its parent's work
        traceback.print_exc()
        os._exit(_RAISED)
    os._exit(_DONE)


def _settle_in() -> None:
    """Let the collector pass over what came from the parent, which takes longer than a child's own work."""
    gc.freeze()


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

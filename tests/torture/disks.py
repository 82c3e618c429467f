"""What is a small disk, and how does it get full? A file system in memory, of so many bytes and no more."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def can_mount(folder: Path) -> bool:
    """Tell whether this process may mount file systems: on Linux, as root."""
    try:
        with small_disk(folder / "tried"):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Mount an empty file system in memory on a folder that is made, and take it away at the end."""
    if shutil.which("mount") is None:
        raise FileNotFoundError("mount")
    folder.mkdir(parents=True, exist_ok=True)
    _call("mount", "-t", "tmpfs", "-o", "size=100m", "tmpfs", str(folder))
    try:
        yield folder
    finally:
        _call("umount", "--lazy", str(folder))


def leave_free(disk: Path, room: int) -> None:
    """Let a small disk have so many free bytes, rounded down to pages of memory."""
    stat = os.statvfs(disk)
    pages = stat.f_blocks - stat.f_bfree + room // stat.f_frsize
    # None would be no limit at all.
    _call("mount", "-o", f"remount,rw,size={max(pages, 1) * stat.f_frsize}", str(disk))


def make_read_only(disk: Path) -> None:
    """Let nothing be written to a small disk, until ``leave_free``."""
    _call("mount", "-o", "remount,ro", str(disk))


def _call(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)

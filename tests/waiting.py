"""Waiting for what another thread or process does: on a condition, generously, and never for a time."""

import time
from collections.abc import Callable

import pytest

PATIENCE = 120.0
"""Seconds: a loaded machine starts a process in ten."""


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Look until a condition holds; fail after a long while."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"never came true: {what}")
        # Who is waited for needs the processor, and there is no event of its to wait for.
        time.sleep(0.02)

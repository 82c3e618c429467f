"""Which secret signs what only this library may have written? Made at first need, kept in the home folder."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

_NAME = "secret"
_BYTES = 32


def secret_key(home: Path) -> bytes:
    """Return the library's secret; two processes that make it at once come to the same."""
    path = home / _NAME
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(_BYTES))
    kept = path.read_bytes()
    # Another process may be between making and filling it: then this one is alone with a key of its own.
    return kept if len(kept) == _BYTES else secrets.token_bytes(_BYTES)

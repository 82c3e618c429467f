"""Where do the measuring sets lie? In the folder named, or in ``dev`` below it, as they are unpacked."""

from __future__ import annotations

import argparse
from pathlib import Path

SETS = "dev"


def sets_in(named: str) -> Path:
    """Return the folder that holds the sets; for the command line: ``add_argument("data", type=sets_in)``."""
    folder = Path(named).expanduser()
    if not folder.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {named}")
    below = folder / SETS
    return below if below.is_dir() else folder

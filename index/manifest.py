"""What does an index generation reflect, and can this version read it?"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from index.analysis import ANALYSIS_VERSION
from index.fields import FIELDS_VERSION
from kb.errors import IndexIncompatible

NAME = "manifest.json"
# Goes up when the files of a generation change their meaning.
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """The facts that decide whether a generation can be used: all must match."""

    format: int
    engine: str
    catalog_id: str
    fields_version: int
    analysis_version: int
    made_at: str

    @classmethod
    def today(cls, *, engine: str, catalog_id: str) -> Manifest:
        """Return the manifest of a generation made now by this version."""
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        return cls(FORMAT, engine, catalog_id, FIELDS_VERSION, ANALYSIS_VERSION, made_at)

    def write(self, folder: Path) -> None:
        """Keep the manifest in a generation's folder; it is there whole or not at all."""
        temporary = folder / f".{NAME}"
        temporary.write_text(json.dumps(asdict(self), indent=2), encoding="utf-8")
        os.replace(temporary, folder / NAME)

    def check(self, *, catalog_id: str) -> None:
        """Raise IndexIncompatible when this version cannot use the generation with this catalog."""
        if self.catalog_id != catalog_id:
            raise IndexIncompatible("the index belongs to another catalog")
        expected = (FORMAT, FIELDS_VERSION, ANALYSIS_VERSION)
        if (self.format, self.fields_version, self.analysis_version) != expected:
            raise IndexIncompatible("the index was written by another version of this program")


def read(folder: Path) -> Manifest:
    """Return the manifest of a generation, or raise IndexIncompatible when it is missing or damaged."""
    try:
        return Manifest(**json.loads((folder / NAME).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise IndexIncompatible(f"index {folder.name} is missing or damaged") from error

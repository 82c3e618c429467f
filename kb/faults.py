"""What can be wrong with a library, and can it be healed from what is left?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

FILE_DAMAGED = "the catalog's file is damaged"
"""How a fault begins after which nothing else can be checked."""


class Cure(StrEnum):
    """How a fault can be healed without a backup."""

    REINDEX = "reindex-catalog"
    SEAL = "sealed-row"
    READ_AGAIN = "read-again"
    FINGERPRINT = "fingerprint"
    STORE_AGAIN = "store-again"
    RENUMBER = "renumber"
    SYNC = "sync"
    REBUILD = "rebuild"
    BACKUP = "backup"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, in a sentence, and its cure; ``BACKUP`` when nothing less helps.

    ``source_id`` or ``sha256`` name the source or the stored bytes that the cure is for.
    """

    text: str
    cure: Cure
    source_id: str = ""
    sha256: str = ""

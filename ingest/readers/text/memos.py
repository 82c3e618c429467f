"""Which lines of a plain text are the head of a memorandum: from whom, to whom, when, about what?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ingest.readers.text.lines import Line

_STATED = re.compile(
    r"(?:from|to|through|via|cc|bcc|date|subject|re|attn|attention|reference|de|para|fecha|asunto|ref|copia)\s?:\s+\S",
    re.IGNORECASE,
)
# What one line says goes on in at most two more: a name, an office, its street.
_MOST_LINES = 3


def is_stated(text: str) -> bool:
    """Return whether a line begins as those at the head of a memorandum do: ``From: …``."""
    return _STATED.match(text) is not None


def head_of(lines: Sequence[Line]) -> frozenset[int]:
    """Return the places of the lines from the first to the last of such a head, with those that go on.

    One such line alone may be anything; two, with no blank line between them, are a head.
    """
    labels = [at for at, line in enumerate(lines) if is_stated(line.text)]
    return frozenset(
        at
        for first, last in pairwise(labels)
        if last - first <= _MOST_LINES and not any(line.gap for line in lines[first + 1 : last + 1])
        for at in range(first, last + 1)
    )

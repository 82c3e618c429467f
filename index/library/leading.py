"""Which characters at the start of a passage are the headings that it stands under?"""

from __future__ import annotations

from kb.model import Passage


def leading_headings(passage: Passage) -> int:
    """Return how many characters at the start of a passage are the headings that it stands under."""
    for first in range(len(passage.headings)):
        lines = "\n\n".join(passage.headings[first:])
        if passage.text.startswith(lines + "\n"):
            return len(lines)
    return 0


def body(passage: Passage) -> str:
    """Return the words of a passage without the headings at its start."""
    return passage.text[leading_headings(passage) :]

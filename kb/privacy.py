"""What may be kept of a question that a person typed? Its words, without what could name someone.

Long numbers (cases, social security, phones), e-mail addresses and web addresses become "…"; so do words
that stand like a name: after a title, or two or more capitalised words in a row that are not known words.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from kb.text import canonical_line

MASK = "…"
# Longer than the numbers of sections, forms and years; a case number has five digits or more.
_LONG_NUMBER = re.compile(r"(?<!\w)[A-Za-z]{0,3}[-#]?\d(?:[\s().\-/]?\d){4,}\w*")
_ADDRESS = re.compile(r"\S+@\S+|(?:https?://|www\.)\S+")
_TITLED = re.compile(
    r"\b(?:mr|mrs|ms|miss|dr|sr|sra|srta|don|doña|señor|señora)\.?\s+\w[\w'’-]*(?:\s+[A-ZÁÉÍÓÚÑ][\w'’-]*)*",
    re.IGNORECASE,
)
_CAPITALISED = re.compile(r"(?<![.!?¿¡]\s)\b[A-ZÁÉÍÓÚÑ][a-záéíóúñü'’-]+(?:\s+[A-ZÁÉÍÓÚÑ][a-záéíóúñü'’-]+)+")
_MOST_CHARACTERS = 300


def masked(question: str, *, is_known: Callable[[str], bool]) -> str:
    """Return a question as it may be kept; ``is_known`` tells a word that the documents use."""
    text = canonical_line(question)[:_MOST_CHARACTERS]
    text = _ADDRESS.sub(MASK, text)
    text = _LONG_NUMBER.sub(MASK, text)
    text = _TITLED.sub(MASK, text)
    text = _CAPITALISED.sub(lambda match: _name(match.group(), is_known), text)
    return re.sub(rf"{MASK}(?:[\s,;]*{MASK})+", MASK, text)


def _name(words: str, is_known: Callable[[str], bool]) -> str:
    """Mask a run of capitalised words if any of them is none that the documents use."""
    return words if all(is_known(word) for word in words.split()) else MASK

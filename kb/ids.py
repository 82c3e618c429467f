"""How are sources and passages named, so that links hold for ever and can be read over the phone?

Ids are twelve characters of Crockford's base 32 (https://www.crockford.com/base32.html): 60 bits of a
SHA-256, no letter that looks like a digit. Among a million ids two are equal by chance once in two
million libraries; the catalog notices (see ``catalog/passages.py``).
"""

from __future__ import annotations

import hashlib

from kb.text import normalised

LENGTH = 12
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
# What a person may read or type for a letter of the alphabet.
_MISREAD = str.maketrans({"o": "0", "i": "1", "l": "1", "-": None, " ": None})


def source_id(collection: str, place: str) -> str:
    """Return the id of a source: ``place`` is its path below the ingested root, or its URL."""
    return _short("source", collection, place)


def passage_id(source: str, text: str, *, ordinal: int = 0, attempt: int = 0) -> str:
    """Return the id of a passage: its source, its words, and which of several equal texts it is.

    ``attempt`` is above 0 only when another passage already has the id by chance.
    """
    parts = [source, normalised(text), str(ordinal)]
    return _short("passage", *parts, *([str(attempt)] if attempt else []))


def text_hash(text: str) -> str:
    """Return the hash that passages with the same words share, whatever their source."""
    return hashlib.sha256(normalised(text).encode()).hexdigest()[:32]


def spoken(text: str) -> str:
    """Return the id that a person meant: any case, dashes and spaces dropped, O read as 0, I and L as 1."""
    return text.strip().lower().translate(_MISREAD)


def _short(*parts: str) -> str:
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).digest()
    number = int.from_bytes(digest[:8], "big") >> 4
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(5 * (LENGTH - 1), -1, -5))

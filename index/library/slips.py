"""Is a word that the library lacks a slip of the hand, and of which word?

What decides is what people do: they seldom miss the first letter, and who writes another ending, or another
letter in a word of four, means another word. ``tests.quality.corrections`` measures both sides.
"""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.library.contribution import folded
from index.library.store import stem_of
from index.ordinary import is_ordinary, is_stem_of_ordinary

SHORTEST = 4
"""Shorter words are never taken for slips."""
TWO_SLIPS_FROM = 8
"""From how many letters on a word may have two."""

_WHOLE_ALPHABET_FROM = 8
_ENDING = 3
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
# Without its accent no rule of the stemmer knows the ending.
_ACCENTED = {
    "cion": "ción",
    "sion": "sión",
    "ria": "ría",
    "rias": "rías",
    "rian": "rían",
    "riamos": "ríamos",
    "ia": "ía",
    "ian": "ían",
    "io": "ió",
    "ra": "rá",
    "ras": "rás",
    "ran": "rán",
}
# "Piensa" and "cuenta" are forms of "pensar" and "contar".
_UNDER_STRESS = (("ie", "e"), ("ue", "o"))


def stems(word: str) -> frozenset[tuple[str, str]]:
    """Return the stems that a word may have, each with its language, with or without its accents."""
    plain = folded(word)
    spelt = {word, plain}
    spelt |= {
        plain.removesuffix(end) + accented for end, accented in _ACCENTED.items() if plain.endswith(end)
    }
    spelt |= {each.replace(stressed, bare, 1) for each in tuple(spelt) for stressed, bare in _UNDER_STRESS}
    return frozenset({(stem_of(plain, "en"), "en"), *((stem_of(each, "es"), "es") for each in spelt)})


def is_spelt_right(word: str) -> bool:
    """Tell whether a word is spelt right, though the library lacks it."""
    return is_ordinary(folded(word)) or any(is_stem_of_ordinary(*stem) for stem in stems(word))


def near(plain: str, words: Sequence[str]) -> dict[str, int]:
    """Return those of some words that a folded word may be a slip of, with the number of slips."""
    most = 2 if len(plain) >= TWO_SLIPS_FROM else 1
    found = process.extract(plain, words, scorer=OSA.distance, score_cutoff=most, limit=None)
    return {other: slips for other, slips, _ in found if _is_slip(plain, other, slips)}


def _is_slip(plain: str, other: str, slips: int) -> bool:
    if len(plain) <= SHORTEST:
        return len(other) > len(plain) or sorted(plain) == sorted(other)
    return slips < 2 or plain[:-_ENDING] != other[: len(plain) - _ENDING]


def otherwise_begun(plain: str) -> list[str]:
    """Return what a folded word is if its beginning was mistyped, one slip each.

    A letter too few or swapped; in a long word, or where the first is doubled, one too many; in a long word
    another letter too.
    """
    begun = [plain[1] + plain[0] + plain[2:]]
    if len(plain) <= SHORTEST:
        return begun
    begun += [letter + plain for letter in _LETTERS]
    if len(plain) >= _WHOLE_ALPHABET_FROM or plain[0] == plain[1]:
        begun.append(plain[1:])
    if len(plain) >= _WHOLE_ALPHABET_FROM:
        begun += [letter + plain[1:] for letter in _LETTERS if letter != plain[0]]
    return begun

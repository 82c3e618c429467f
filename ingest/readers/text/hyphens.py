"""How do two lines become one: with a space, without one, or with a hyphen mended?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_WORD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
_TAIL = re.compile(r"([^\W_]+(?:[-‐'’][^\W_]+)*)[-‐\u00ad]$")
_HEAD = re.compile(r"[^\W\d_]+")
_ADDRESS = re.compile(
    r"(?:https?://|www\.|ftp://)\S*$|[\w.+-]+@[\w.-]*$|[^\s/]+\.(?:gov|org|com|edu|net)/\S*$", re.IGNORECASE
)
_SCHEME = re.compile(r"(?:https?|ftp):/?$", re.IGNORECASE)
_ADDRESS_END = re.compile(r"[/._\-=&?%#@~+:]$")
_ADDRESS_PART = re.compile(r"[a-z0-9%~][^\s]*[/._=&?%#\d-]|[a-z]{2,4}(?:[/)\s.,;]|$)|\d", re.IGNORECASE)
# First halves that stand before a hyphen in print, and second halves after one.
_BEFORE = frozenset(
    "self non ex well all cross half high low long short full part post pre anti multi mid semi quasi"
    " first second third one two three four five six seven eight nine ten twenty thirty forty fifty"
    " sixty seventy eighty ninety year evidence trauma family community decision follow face hand day"
    " state court parent".split()
)
_AFTER = frozenset(
    "based related year years old time term making maker specific centered centred informed wide free"
    " being up in off risk led driven focused focussed level quality class oriented friendly income like"
    " about side face day week month hour tested involved impacted run going aged born known defined"
    " style type to and the of a half".split()
)
# Words whose halves are words too: without them, "how-/ever" would look like "parent-/child".
_CLOSED = frozenset(
    "however whenever wherever whatever whoever whichever without within into upon therefore thereby"
    " understand understanding something someone somewhere anything anyone anywhere everything everyone"
    " nothing another together cannot himself herself itself themselves yourself myself ourselves"
    " throughout outside inside although already always almost forward toward towards otherwise"
    " meanwhile furthermore moreover nevertheless become overcome income outcome network website"
    " workplace workshop workforce household homework childhood classroom framework feedback background"
    " guideline guidelines healthcare wellbeing overview update input output lifetime lifestyle teenage"
    " underage caseworker caseworkers caregiver caregivers guardian guardianship foster firsthand"
    " paperwork nationwide countywide statewide worldwide maybe therein herein whereas because before"
    " below beside between also sobre aunque porque también tampoco además sino siquiera cualquier"
    " cualquiera asimismo mediante".split()
)


class Joiner:
    """Joins lines of one text, with the words of the whole text as evidence."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._known: Counter[str] = Counter()
        broken = False
        for line in lines:
            # The last word may be half of one, and the first of the next line its other half.
            whole = line.partition(" ")[2] if broken else line
            broken = line.endswith(("-", "‐", "\u00ad"))
            whole = whole[:-1].rpartition(" ")[0] if broken else whole
            self._known.update(word.casefold() for word in _WORD.findall(whole))

    def glue(self, first: str, second: str) -> tuple[int, str]:
        """Return how many characters to take off the end of ``first``, and what to put before ``second``.

        Words broken at the line end are made whole ("preva-" + "lence"), real hyphens stay ("parent-" +
        "child"), and broken web addresses are closed up. Neither line is empty.
        """
        if first[-1].isalnum():
            return 0, " "
        if first.endswith("—") or self._continues_address(first, second):
            return 0, ""
        tail, head = _TAIL.search(first[-60:]), _HEAD.match(second[:60])
        if tail and head and not first.endswith(("--", " -")):
            return (1, "") if self._is_broken(tail.group(1), head.group()) else (0, "")
        return 0, " "

    def _continues_address(self, first: str, second: str) -> bool:
        last, then = first[-500:].rsplit(maxsplit=1)[-1], second[:500].split(maxsplit=1)[0]
        if then.startswith("/") and _SCHEME.search(last):
            return True
        if not (_ADDRESS.search(last) and _ADDRESS_END.search(last)):
            return False
        return last[-1] in "=&?@%" or (bool(_ADDRESS_PART.match(then)) and not _is_word(then, last))

    def _is_broken(self, left: str, right: str) -> bool:
        """Return whether the hyphen between the halves was put in by the line break."""
        first, second = left.casefold(), right.casefold()
        if not right[0].islower():
            # Names with a capital inside are broken there; the text tells which are hyphenated.
            return self._known[first + second] > self._known[f"{first}-{second}"]
        if "-" in first or "‐" in first or left[-1].isdigit():
            return False
        joined = first + second
        if joined in _CLOSED or self._known[joined] >= max(1, self._known[f"{first}-{second}"]):
            return True
        if self._known[f"{first}-{second}"] or first in _BEFORE or second in _AFTER:
            return False
        return not (len(first) > 2 and len(second) > 2 and self._known[first] and self._known[second])


def _is_word(then: str, last: str) -> bool:
    """Return whether what follows an address that could end here is a plain word, not more of the address."""
    bare = then.rstrip(".,;:)")
    return last[-1] in "/:" and bare.isalpha()

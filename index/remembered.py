"""Which answers need not be worked out again? Those given since anything last changed.

People ask the same, go back and reload. An answer is kept with what it was made from: the index, the catalog,
what is known of the library, the synonyms. When any of these has changed since, it is made anew, so nobody
sees yesterday's answer.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Answer = TypeVar("Answer")

# Answers of ten passages take some 40 KB each.
_MOST = 500


class Remembered(Generic[Answer]):
    """The answers that were asked for last. Safe to share between threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[object, Answer]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, asked: Hashable, state: object | None, make: Callable[[], Answer]) -> Answer:
        """Return the answer to what is asked in a state, made now if it is not kept; no state: always made.

        The state must have been looked at before the answer is made: a change in between is then no loss.
        """
        if state is None:
            return make()
        with self._lock:
            kept = self._kept.get(asked)
            if kept is not None and kept[0] == state:
                self._kept.move_to_end(asked)
                return kept[1]
        answer = make()
        with self._lock:
            self._kept[asked] = (state, answer)
            self._kept.move_to_end(asked)
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return answer

"""How long to wait before the next attempt."""

from __future__ import annotations

import random
from collections.abc import Callable


class Backoff:
    """1 s, doubled with each failure up to a cap, for ever; each delay x (0.5 + random x 0.5), so that a fleet that
    lost its gateway does not come back as one."""

    def __init__(self, first: float, cap: float, chance: Callable[[], float] = random.random) -> None:
        if first <= 0 or cap < first:
            raise ValueError("A backoff begins with more than nothing and ends with no less")
        self._first = first
        self._cap = cap
        self._chance = chance
        self._step = first

    @classmethod
    def agents(cls) -> Backoff:
        """1, 2, 4 ... then 60 s: reset at registration."""
        return cls(1.0, 60.0)

    @classmethod
    def streams(cls) -> Backoff:
        """1, 2, 4, 8, 16, then 30 s: reset at the first frame received."""
        return cls(1.0, 30.0)

    def next(self) -> float:
        """The delay before the next attempt, in seconds; the one after that is longer."""
        delay = self._step * (0.5 + self._chance() * 0.5)
        self._step = min(self._step * 2, self._cap)
        return delay

    def reset(self) -> None:
        """The connection is good: the next failure is the first again."""
        self._step = self._first

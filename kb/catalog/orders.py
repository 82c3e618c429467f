"""What has a person asked the worker to do with the index? One row for each kind of work: its last order.

The web process writes an order and never the index; the worker makes it true, and says how far it is. An
order that a dead worker had begun is begun again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.engine import Connection, Row

from kb import processes
from kb.catalog.tables import orders


class Work(StrEnum):
    """What can be ordered."""

    REBUILD = "rebuild"
    ROLL_BACK = "roll-back"
    VERIFY = "verify"


class OrderState(StrEnum):
    """How far an order has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Order:
    """The last order of one kind; ``report`` is what the worker says of it, a line for each finding.

    ``begun_at`` is when a worker began with it, last.
    """

    work: Work
    state: OrderState
    ordered_at: datetime
    done: int
    total: int
    begun_at: datetime | None = None
    ended_at: datetime | None = None
    report: tuple[str, ...] = ()


class Orders:
    """The orders of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> list[Order]:
        """Return the last order of each kind that was ever given, the newest first."""
        query = orders.select().order_by(orders.c.ordered_at.desc(), orders.c.work)
        return [_order(row) for row in self._connection.execute(query)]

    def give(self, work: Work) -> bool:
        """Order some work; tell whether it is new: one that waits or runs already is not given twice."""
        known = self._connection.execute(orders.select().where(orders.c.work == work)).one_or_none()
        now = datetime.now(UTC)
        fresh = {
            "state": OrderState.WAITING,
            "ordered_at": now,
            "begun_at": None,
            "ended_at": None,
            "done": 0,
            "total": 0,
        }
        if known is None:
            self._connection.execute(orders.insert().values(work=work, report=[], **fresh))
            return True
        if known.state in (OrderState.WAITING, OrderState.RUNNING):
            return False
        self._connection.execute(orders.update().where(orders.c.work == work).values(report=[], **fresh))
        return True

    def take(self) -> Work | None:
        """Claim the oldest order that waits, or that a process that is gone had begun."""
        open_ = orders.c.state.in_((OrderState.WAITING, OrderState.RUNNING))
        for row in self._connection.execute(orders.select().where(open_).order_by(orders.c.ordered_at)):
            if row.state == OrderState.WAITING or processes.is_gone(row.taken_by or ""):
                now = datetime.now(UTC)
                self._set(Work(row.work), state=OrderState.RUNNING, taken_by=processes.me(), begun_at=now)
                return Work(row.work)
        return None

    def progress(self, work: Work, done: int, *, total: int) -> None:
        """Say how far the work is."""
        self._set(work, done=done, total=total)

    def end(self, work: Work, *, failed: bool, report: list[str]) -> None:
        """Say how the work ended."""
        state = OrderState.FAILED if failed else OrderState.DONE
        self._set(work, state=state, ended_at=datetime.now(UTC), report=report)

    def _set(self, work: Work, **columns: Any) -> None:
        self._connection.execute(orders.update().where(orders.c.work == work).values(**columns))


def _order(row: Row[Any]) -> Order:
    return Order(
        Work(row.work),
        OrderState(row.state),
        row.ordered_at,
        row.done,
        row.total,
        begun_at=row.begun_at,
        ended_at=row.ended_at,
        report=tuple(row.report),
    )

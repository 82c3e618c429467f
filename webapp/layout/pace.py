"""How is it said how far work is: what is done, how fast it goes, and how long it will take?"""

from __future__ import annotations

from datetime import timedelta

from flask_babel import format_decimal, format_timedelta, gettext, ngettext

from kb.catalog.orders import Order, OrderState
from webapp.i18n import instant
from webapp.work.progress import Progress, order_seconds_left


def reading_said(now: Progress) -> str:
    """Say how many documents are still to be read, how fast it goes, and the time left."""
    if not now.waiting:
        return str(gettext("Nothing waits to be read."))
    waiting = format_decimal(now.waiting)
    count = str(
        ngettext("%(number)s document to go.", "%(number)s documents to go.", now.waiting, number=waiting)
    )
    if now.seconds_left is None:
        return count
    rate = gettext("%(number)s a minute;", number=_short(now.rate * 60))
    return f"{count} {rate} {_left(now.seconds_left)}"


def order_said(order: Order) -> str:
    """Say how far an order is; plain text, also for what ended."""
    if order.state is OrderState.WAITING:
        return str(gettext("Waits for the worker."))
    if order.state is OrderState.RUNNING:
        return " ".join(filter(None, [gettext("At work."), _passages(order)]))
    said = gettext("Done:") if order.state is OrderState.DONE else gettext("Ended with faults:")
    return said if order.ended_at is None else f"{said} {instant(order.ended_at).striptags()}"


def _passages(order: Order) -> str:
    if not order.total:
        return ""
    done, total = min(order.done, order.total), order.total
    said = gettext("%(done)s of %(total)s passages", done=format_decimal(done), total=format_decimal(total))
    left = order_seconds_left(order)
    if left is None or order.begun_at is None:
        return f"{said}."
    rate = gettext("%(number)s a second;", number=_short((total - done) / max(left, 1)))
    return f"{said}. {rate} {_left(left)}"


def _short(rate: float) -> str:
    return str(format_decimal(round(rate, 1 if rate < 10 else 0)))


def _left(seconds: int) -> str:
    time = format_timedelta(timedelta(seconds=max(seconds, 1)), threshold=1.5)
    return str(gettext("about %(time)s left.", time=time))

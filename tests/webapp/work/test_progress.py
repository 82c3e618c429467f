"""Is the pace of work told as it goes, and not as it was before it began?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kb.catalog.orders import Order, OrderState, Work
from kb.model import SourceState
from tests.library import take_in, write
from webapp.wiring import Services
from webapp.work.progress import _rate, order_seconds_left, progress, reached


def test_the_rate_counts_from_the_first_document_of_the_minute() -> None:
    assert _rate(30, timedelta(seconds=10)) == 3.0


@pytest.mark.parametrize("read", [0, 1, 2])
def test_two_documents_make_no_rate(read: int) -> None:
    assert _rate(read, timedelta(seconds=10)) == 0.0


def test_documents_that_came_all_at_once_make_no_endless_rate() -> None:
    assert _rate(5, timedelta(0)) == 5.0


def test_what_was_read_of_late_says_how_long_the_rest_takes(services: Services, tmp_path: Path) -> None:
    nothing = progress(services)
    assert (nothing.rate, nothing.waiting, nothing.seconds_left) == (0.0, 0, None)
    texts = {f"note{number}": f"Note {number} is about visits." for number in range(4)}
    take_in(services, write(tmp_path / "notes", **texts))
    with services.catalog.writing() as transaction:
        for source in transaction.sources.all():
            transaction.sources.read_again(source.id)
    now = progress(services)
    assert now.states[SourceState.PENDING] == 4
    assert now.rate > 0
    assert now.seconds_left == round(4 / now.rate)


def test_the_live_index_says_how_far_it_has_come(services: Services, tmp_path: Path) -> None:
    assert reached(services) == 0
    take_in(services, write(tmp_path / "notes", note="A note about visits."))
    with services.catalog.reading() as transaction:
        assert reached(services) == transaction.passages.last_sequence() > 0


def test_an_order_takes_the_rest_of_what_it_took_so_far() -> None:
    now = datetime.now(UTC)
    running = Order(Work.REBUILD, OrderState.RUNNING, now, 25, 100, begun_at=now - timedelta(seconds=10))
    assert order_seconds_left(running) in range(29, 34)
    assert order_seconds_left(Order(Work.REBUILD, OrderState.RUNNING, now, 25, 100)) is None


def test_an_order_says_since_when_it_is_done_and_begins_afresh(services: Services) -> None:
    with services.catalog.writing() as transaction:
        transaction.orders.give(Work.REBUILD)
        assert transaction.orders.all()[0].begun_at is None
        transaction.orders.take()
        begun = transaction.orders.all()[0].begun_at
        transaction.orders.end(Work.REBUILD, failed=False, report=[])
        transaction.orders.give(Work.REBUILD)
        again = transaction.orders.all()[0].begun_at
    assert begun is not None
    assert datetime.now(UTC) - begun < timedelta(minutes=10)
    assert again is None

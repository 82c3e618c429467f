from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

from kb.catalog.orders import Order, OrderState, Work
from webapp.layout.pace import order_said, reading_said
from webapp.work.progress import Progress

BEGAN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    app = Flask("webapp")
    Babel(app)
    with app.test_request_context(), force_locale("en"):
        yield


def reading(pending: int, rate: float) -> Progress:
    return Progress({"pending": pending, "reading": 1 if pending else 0}, rate, 1, 0)


def rebuilding(state: OrderState, *, done: int = 0, total: int = 0, seconds: float | None = None) -> Order:
    begun_at = None if seconds is None else datetime.now(UTC) - timedelta(seconds=seconds)
    ended_at = BEGAN if state in (OrderState.DONE, OrderState.FAILED) else None
    return Order(Work.REBUILD, state, BEGAN, done, total, begun_at=begun_at, ended_at=ended_at)


def test_nothing_to_read_is_said() -> None:
    assert reading_said(reading(0, 0.0)) == "Nothing waits to be read."


def test_while_no_pace_is_known_only_the_number_is_said() -> None:
    assert reading_said(reading(9, 0.0)) == "10 documents to go."


def test_the_rate_is_said_by_the_minute_with_the_time_left() -> None:
    assert reading_said(reading(599, 2.0)) == "600 documents to go. 120 a minute; about 5 minutes left."


def test_the_pace_of_a_slow_reading_is_no_nought() -> None:
    assert reading_said(reading(9, 0.01)) == "10 documents to go. 0.6 a minute; about 17 minutes left."


def test_what_is_nearly_done_takes_a_second_and_not_none() -> None:
    assert reading_said(Progress({"pending": 1, "reading": 0}, 9.0, 1, 0)).endswith("about 1 second left.")


def test_a_rebuild_says_its_rate_and_the_time_left() -> None:
    said = order_said(rebuilding(OrderState.RUNNING, done=2_000, total=10_000, seconds=20))
    assert said == "At work. 2,000 of 10,000 passages. 100 a second; about 80 seconds left."


@pytest.mark.parametrize("done", [0, 10])
def test_a_rebuild_that_has_just_begun_or_is_at_its_end_promises_nothing(done: int) -> None:
    said = order_said(rebuilding(OrderState.RUNNING, done=done, total=10, seconds=5))
    assert said == f"At work. {done} of 10 passages."


def test_passages_that_came_while_the_index_was_built_do_not_make_it_more_than_all() -> None:
    assert "10 of 10 passages" in order_said(rebuilding(OrderState.RUNNING, done=12, total=10, seconds=5))


def test_an_order_waits_and_ends_well_or_badly() -> None:
    assert order_said(rebuilding(OrderState.WAITING)) == "Waits for the worker."
    assert order_said(rebuilding(OrderState.DONE)).startswith("Done: Mar")
    assert order_said(rebuilding(OrderState.FAILED)).startswith("Ended with faults: Mar")


def test_a_pace_is_said_in_spanish() -> None:
    with force_locale("es"):
        assert reading_said(reading(599, 2.0)) == (
            "Faltan 600 documentos. 120 por minuto; tiempo restante aproximado: 5 minutos."
        )
        assert "100 por segundo" in order_said(
            rebuilding(OrderState.RUNNING, done=2_000, total=10_000, seconds=20)
        )

"""Having a worker do all that there is to do, however long a loaded machine takes over it."""

from contextlib import closing, suppress

from index.engines.whoosh import WhooshEngine
from kb.catalog.orders import OrderState
from kb.errors import IndexMissing
from kb.model import SourceState
from tests.waiting import wait_until
from webapp.wiring import Services
from webapp.work.worker import Worker


def worked(services: Services) -> None:
    """Let a worker go on until nothing is left to read, to index or to do of what was ordered."""
    with closing(Worker(services)) as worker:
        wait_until(lambda: _is_done(worker, services), "all that waits is done")
    with suppress(IndexMissing):
        # Who asks at once is not to be answered as a moment ago, when nobody had looked again.
        engine, _ = services.live.engine()
        if isinstance(engine, WhooshEngine):
            engine.refresh()


def _is_done(worker: Worker, services: Services) -> bool:
    # In this order: what is read after a step that found nothing is indexed by the next one.
    idle = _nothing_waits(services)
    return not worker.step() and idle


def _nothing_waits(services: Services) -> bool:
    with services.catalog.reading() as transaction:
        states = transaction.sources.states()
        orders = [order.state for order in transaction.orders.all()]
    to_read = states.get(SourceState.PENDING, 0) + states.get(SourceState.READING, 0)
    return not to_read and all(state in (OrderState.DONE, OrderState.FAILED) for state in orders)

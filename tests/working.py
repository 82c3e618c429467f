"""Having a worker do all that there is to do, however long a loaded machine takes over it."""

from contextlib import closing

from kb.catalog.orders import OrderState
from kb.model import SourceState
from tests.waiting import wait_until
from webapp.wiring import Services
from webapp.work.worker import Worker


def worked(services: Services) -> None:
    """Let a worker go on until nothing is left to read, to index or to do of what was ordered."""
    with closing(Worker(services)) as worker:
        wait_until(lambda: not worker.step() and _nothing_waits(services), "all that waits is done")


def _nothing_waits(services: Services) -> bool:
    with services.catalog.reading() as transaction:
        states = transaction.sources.states()
        orders = [order.state for order in transaction.orders.all()]
    to_read = states.get(SourceState.PENDING, 0) + states.get(SourceState.READING, 0)
    return not to_read and all(state in (OrderState.DONE, OrderState.FAILED) for state in orders)

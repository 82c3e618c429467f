"""What can be changed from the pages? Documents come, go and are read again; the index is built anew.

Every change is a POST with a CSRF token. The web process writes the catalog only: the worker does the rest.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    get_flashed_messages,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    stream_with_context,
    url_for,
)
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as AnyResponse

from kb import ids
from kb.catalog.orders import Order, OrderState, Work
from kb.model import SourceState
from webapp.current import services
from webapp.layout.kinds import kind_name, media_type, short_name
from webapp.layout.pace import order_said, reading_said
from webapp.layout.returning import is_ours
from webapp.wiring import Services
from webapp.work.progress import Progress, progress
from webapp.work.rereading import Choice, is_older
from webapp.work.rereading import order as order_rereading

bp = Blueprint("admin", __name__, url_prefix="/admin")

# Each open stream holds one of the server's threads; who finds none free asks again by plain requests.
_STREAMS = threading.BoundedSemaphore(2)
_STREAM_SECONDS, _EVERY = 25.0, 1.0
_FAILURES = 100
_TOLD = "told"


@bp.get("/")
def overview() -> str:
    """Show what is pending, running, done and failed, and the generation in use."""
    with services().catalog.reading() as transaction:
        failed = transaction.sources.all(states=[SourceState.FAILED], limit=_FAILURES)
        orders = {order.work.value: order for order in transaction.orders.all()}
        readings = transaction.readings.all()
    now = progress(services())
    busy = _is_busy(now, list(orders.values()))
    older = sum(map(is_older, readings))
    found = sorted({reading.media_type for reading in readings})
    types = {short_name(kind): kind_name(kind) for kind in found}
    # Who asks for the panels only, while another page is on its way, must not take that one's message away.
    is_part = "panels" in request.args
    return render_template(
        "admin.html",
        **({"told": tuple} if is_part else {}),
        now=now,
        failed=failed,
        orders=orders,
        busy=busy,
        is_told=not is_part and _is_told(busy=busy),
        older=older,
        types=types,
        reading_said=reading_said,
        order_said=order_said,
    )


def _is_told(*, busy: bool) -> bool:
    """Tell whether the reader is told something on this page.

    Without scripts it loads itself again (``still=1``) while the worker is busy, and goes on telling it.
    """
    for category, message in session.pop(_TOLD, ()) if "still" in request.args else ():
        flash(message, category)
    told = get_flashed_messages(with_categories=True)
    if told and busy:
        session[_TOLD] = told
    elif _TOLD in session:
        del session[_TOLD]
    return bool(told)


@bp.get("/progress.json")
def standing() -> Response:
    """Return how far all work is, for pages that ask again and again."""
    return jsonify(_standing(services()))


@bp.get("/progress")
def stream() -> Response:
    """Send how far all work is, each second for half a minute, as server-sent events; browsers come back."""
    if not _STREAMS.acquire(blocking=False):
        return Response("retry: 5000\n\n", content_type="text/event-stream")
    wired = services()
    events = stream_with_context(_events(wired))
    response = Response(events, content_type="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"
    response.call_on_close(_STREAMS.release)
    return response


def _events(wired: Services) -> Iterator[str]:
    until = time.monotonic() + _STREAM_SECONDS
    yield "retry: 1000\n\n"
    while time.monotonic() < until:
        yield f"data: {json.dumps(_standing(wired))}\n\n"
        time.sleep(_EVERY)


def _standing(wired: Services) -> dict[str, Any]:
    with wired.catalog.reading() as transaction:
        orders = transaction.orders.all()
    now = progress(wired)
    return {
        "states": now.states,
        "rate": now.rate,
        "seconds_left": now.seconds_left,
        "said": reading_said(now),
        "generation": now.generation,
        "behind": now.behind,
        "busy": _is_busy(now, orders),
        "orders": [
            {
                "work": order.work.value,
                "state": order.state.value,
                "done": order.done,
                "total": order.total,
                "said": order_said(order),
            }
            for order in orders
        ],
    }


def _is_busy(now: Progress, orders: list[Order]) -> bool:
    open_ = (OrderState.WAITING, OrderState.RUNNING)
    return now.waiting > 0 or now.behind > 0 or any(order.state in open_ for order in orders)


@bp.post("/orders")
def order() -> AnyResponse:
    """Order a rebuild, a roll-back or a check; the worker does it."""
    try:
        work = Work(request.form.get("work", ""))
    except ValueError:
        abort(400)
    with services().catalog.writing() as transaction:
        new = transaction.orders.give(work)
    flash(gettext("The worker has been told.") if new else gettext("The worker is at it already."))
    return redirect(url_for("admin.overview"))


@bp.get("/documents/<source_id>")
def manage(source_id: str) -> str:
    """Show what can be done with one document."""
    with services().catalog.reading() as transaction:
        source = transaction.sources.get(ids.spoken(source_id))
    return render_template("manage.html", source=source)


@bp.post("/documents/retry")
def retry_failed() -> AnyResponse:
    """Make all documents that failed pending once more."""
    with services().catalog.writing() as transaction:
        failed = transaction.sources.all(states=[SourceState.FAILED])
        count = sum(transaction.sources.read_again(source.id) for source in failed)
    flash(ngettext("%(num)s document will be read again.", "%(num)s documents will be read again.", count))
    return redirect(url_for("admin.overview"))


@bp.post("/documents/reread")
def reread() -> AnyResponse:
    """Make all documents pending once more that an older reader read, or that are of one type."""
    types = tuple(filter(None, [request.form.get("type", "")]))
    choice = Choice(older_readers=not types, media_types=tuple(map(media_type, types)))
    with services().catalog.writing() as transaction:
        count = order_rereading(transaction, choice)
    flash(ngettext("%(num)s document will be read again.", "%(num)s documents will be read again.", count))
    return redirect(url_for("admin.overview"))


@bp.post("/documents/<source_id>/read")
def read_again(source_id: str) -> AnyResponse:
    """Make a document pending once more: after a failure, with a newer reader, or after it was removed."""
    source_id = ids.spoken(source_id)
    with services().catalog.writing() as transaction:
        source = transaction.sources.get(source_id)
        again = transaction.sources.read_again(source_id)
    if again:
        flash(gettext("“%(title)s” will be read again.", title=source.title))
    else:
        flash(gettext("Nothing of “%(title)s” is kept: add it again.", title=source.title))
    return _back()


@bp.post("/documents/<source_id>/remove")
def remove(source_id: str) -> AnyResponse:
    """Take a document out of the results; it can be brought back, and its links still say what was cited."""
    source_id = ids.spoken(source_id)
    with services().catalog.reading() as transaction:
        source = transaction.sources.get(source_id)
    services().pipeline.remove(source_id)
    flash(gettext("“%(title)s” was removed.", title=source.title), f"undo:{source_id}")
    return redirect(url_for("documents.listing"))


def _back() -> AnyResponse:
    """Lead back to the page of ours that the form stood on."""
    came_from = request.form.get("back", "")
    return redirect(came_from if is_ours(came_from) else url_for("admin.overview"))

"""What does the library's owner learn from what is asked? Which questions come often, and which find nothing.

Stands below ``/admin``: who may manage the library may see this.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from index.ranking.confidence import Confidence
from kb.catalog.questions import LONGEST, Asked
from webapp.asking import Asked as Wanted
from webapp.current import services
from webapp.layout.paging import Paging, page_asked
from webapp.sending import Page

bp = Blueprint("insight", __name__, url_prefix="/admin/questions")

# In the address of a search: it is the owner's, who looks at an answer.
UNCOUNTED = "uncounted"
LED_BACK = "led back"
PERIODS = (7, 30, 90, 365)
_PER_PAGE, _MOST_ROWS = 50, 100_000
_UNANSWERED = (Confidence.WEAK.value, Confidence.NONE.value)
# What a spreadsheet takes for the beginning of a formula, and what it passes over before one:
# https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def note(wanted: Wanted, page: Page) -> None:
    """Count a question with how it was answered, where questions are kept.

    Not one that the owner follows from the list, or that a page leads back to.
    """
    recorder = services().recorder
    led_back = LED_BACK in session and bool(session.pop(LED_BACK))
    if recorder is None or led_back or UNCOUNTED in request.args or wanted.like:
        return
    recorder.note(wanted.question, total=page.total, confidence=page.confidence, anew=wanted.is_plain)


@bp.get("")
def questions() -> str:
    """Show what was asked in a period, the most frequent first; ``only=unanswered``: what found no answer."""
    days, unanswered = _days(), _unanswered()
    since = _since(days)
    confidences = _UNANSWERED if unanswered else ()
    with services().catalog.reading() as transaction:
        answered = transaction.questions.answered(since=since)
        different = transaction.questions.different(since=since, confidences=confidences)
        paging = Paging(page_asked(), _PER_PAGE, different)
        asked = transaction.questions.asked(
            since=since, confidences=confidences, limit=_PER_PAGE, offset=paging.offset
        )
        marks = len(transaction.questions.judged())
    kept = services().settings.question_days
    return render_template(
        "questions.html",
        asked=asked,
        answered=answered,
        confidences=list(Confidence),
        days=days,
        periods=[period for period in PERIODS if period < kept] + [kept],
        kept=kept,
        recorded=services().settings.questions,
        unanswered=unanswered,
        paging=paging,
        marks=marks,
    )


@bp.get("/table.csv")
def table() -> Response:
    """Send the same as a table for spreadsheets, all rows."""
    confidences = _UNANSWERED if _unanswered() else ()
    with services().catalog.reading() as transaction:
        asked = transaction.questions.asked(since=_since(_days()), confidences=confidences, limit=_MOST_ROWS)
    headers = {"Content-Disposition": "attachment; filename=questions.csv"}
    return Response(as_csv(asked), content_type="text/csv; charset=utf-8", headers=headers)


@bp.post("/forget")
def forget() -> AnyResponse:
    """Remove a question in all its wordings: a name may have slipped through."""
    with services().catalog.writing() as transaction:
        gone = transaction.questions.forget_words(request.form.get("words", "")[:LONGEST])
    flash(gettext("The question was removed.") if gone else gettext("The question was removed before."))
    return redirect(url_for("insight.questions", days=_days(), only=request.args.get("only")))


def as_csv(asked: Sequence[Asked]) -> str:
    """Return questions as a table: RFC 4180, with the mark by which spreadsheets know UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["question", "times", "last_asked", "passages", "answer", "other_wordings"])
    for one in asked:
        figures = (one.times, one.last.isoformat(), one.total, one.confidence)
        writer.writerow([_inert(one.text), *figures, _inert(" | ".join(one.others))])
    return "\ufeff" + out.getvalue()


def _inert(value: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(_FORMULA) or value.lstrip().startswith(_FORMULA) else value


def _days() -> int:
    given = request.args.get("days", 30, type=int)
    return (
        given
        if 0 < given <= services().settings.question_days
        else min(30, services().settings.question_days)
    )


def _since(days: int) -> date:
    return datetime.now(UTC).date() - timedelta(days=days)


def _unanswered() -> bool:
    return request.args.get("only") == "unanswered"

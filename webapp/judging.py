"""Does a passage answer the question? Staff say so with one click, and the library is measured by it later.

A mark is kept with the masked question. Whose it is, nobody can tell: a browser session has a random secret,
and each of its marks another name made from it, so that marking again replaces and nothing links two marks.
The secret is that of its token: without one nothing is marked, so two first marks at once have the same.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from index.queryparser import MAX_CHARACTERS
from kb import ids
from kb.catalog.questions import Grade, Judgment
from kb.model import Citation
from webapp.current import services
from webapp.insight import LED_BACK

bp = Blueprint("judging", __name__)

# The name that Flask-WTF keeps the secret of a session's tokens by.
_SECRET = "csrf_token"
GRADES = {"answers": Grade.ANSWERS, "related": Grade.RELATED, "wrong": Grade.WRONG}
_NAMES = {grade: name for name, grade in GRADES.items()}


@dataclass(frozen=True, slots=True)
class _Marked:
    """What a request marks: a question as it was asked and as it is kept, and the passage shown for it."""

    question: str
    kept: str
    citation: Citation


def marks(question: str, passage_ids: Sequence[str]) -> dict[str, str] | None:
    """Return the names of the marks that this browser session gave; None where nothing may be marked."""
    if services().settings.questions == "none" or not question.strip():
        return None
    if _SECRET not in session:
        return {}
    kept = services().masking.kept(question)
    with services().catalog.reading() as transaction:
        voters = [_voter(kept, passage_id) for passage_id in passage_ids]
        grades = transaction.questions.grades_of(kept, voters)
    return {passage_id: _NAMES[grade] for passage_id, grade in grades.items()}


@bp.get("/mark")
def form() -> str | Response:
    """Show a passage with the choices to mark it; a script is told the mark and a token instead."""
    marked = _marked()
    grade = (marks(marked.question, [marked.citation.passage.id]) or {}).get(marked.citation.passage.id)
    if _wants_json():
        return jsonify({"grade": grade, "csrf_token": generate_csrf()})
    return render_template(
        "mark.html", marked=marked, citation=marked.citation, grade=grade, grades=GRADES, back=_back()
    )


@bp.post("/mark")
def mark() -> AnyResponse:
    """Keep a mark, ``grade``: answers, related, wrong; or none, which takes it back."""
    marked = _marked()
    name = request.form.get("grade", "")
    if name not in (*GRADES, "none"):
        abort(400)
    if not marked.kept:
        return _refused()
    passage_id = marked.citation.passage.id
    voter = _voter(marked.kept, passage_id)
    with services().catalog.writing() as transaction:
        if name == "none":
            transaction.questions.take_back(marked.kept, passage_id, voter=voter)
        else:
            transaction.questions.judge(Judgment(marked.kept, passage_id, GRADES[name], voter))
    if _wants_json():
        return jsonify({"grade": None if name == "none" else name})
    session[LED_BACK] = True
    flash(
        gettext("Your mark was taken back.") if name == "none" else gettext("Thank you: your mark is kept.")
    )
    return redirect(f"{_back()}#p-{passage_id}")


def _marked() -> _Marked:
    """Return what a request is about; 404 where nothing may be marked."""
    question = request.args.get("q", "")[: 2 * MAX_CHARACTERS]
    if services().settings.questions == "none" or not question.strip():
        abort(404)
    with services().catalog.reading() as transaction:
        citation = transaction.passages.citation(ids.spoken(request.args.get("passage", "")))
    return _Marked(question, services().masking.kept(question), citation)


def _voter(question: str, passage_id: str) -> str:
    """Return the name of this browser session for one passage as an answer to one question."""
    words = f"{question}\n{passage_id}".encode()
    return hmac.new(str(session[_SECRET]).encode(), words, hashlib.sha256).hexdigest()[:32]


def _refused() -> AnyResponse:
    reason = gettext("Nothing is kept of this question: the documents have none of its words.")
    if _wants_json():
        response = jsonify({"detail": reason})
        response.status_code = 422
        return response
    flash(reason)
    return redirect(_back())


def _wants_json() -> bool:
    return request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json"


def mark_address(passage_id: str) -> str:
    """Return where a passage among the results at hand is marked."""
    here = [(name, value) for name, value in request.args.items(multi=True) if name != "passage"]
    return f"{url_for('judging.form')}?{urlencode([*here, ('passage', passage_id)])}"


def _back() -> str:
    """Return the address of the results that the mark was made on: those of the same parameters."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "passage"]
    return f"{url_for('search.results')}?{urlencode(kept)}"

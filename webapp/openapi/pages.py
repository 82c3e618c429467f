"""Where does a programmer read of the API, and try it? The description, and a page that is made of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from flask import Blueprint, abort, current_app, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.errors import API
from webapp.openapi.document import document, operations

bp = Blueprint("openapi", __name__, url_prefix=API.rstrip("/"))


@bp.get("/openapi.json")
def description() -> dict[str, Any]:
    """Return the OpenAPI description of the API."""
    return document(current_app)


@bp.get("/docs")
def docs() -> str:
    """Show all operations, each with a form to try it."""
    return render_template("api.html", operations=operations(current_app))


@bp.get("/try/<operation>")
def attempt(operation: str) -> AnyResponse:
    """Lead from the form of an operation to its address: for browsers without scripts."""
    found = next((one for one in operations(current_app) if one.id == operation), None)
    if found is None or found.method != "GET":
        abort(404)
    given = {name: values for name, values in request.args.lists() if any(values)}
    address = found.path
    for name in found.rule.arguments:
        address = address.replace(f"{{{name}}}", quote(given.pop(name, [""])[0], safe=""))
    query = urlencode({name: [one for one in values if one] for name, values in given.items()}, doseq=True)
    return redirect(f"{address}?{query}" if query else address)

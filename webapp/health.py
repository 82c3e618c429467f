"""Does the service run, and can it answer? For what watches over it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from kb.errors import KBError
from webapp.current import services

bp = Blueprint("health", __name__, url_prefix="/health")


@bp.get("/live")
def live() -> tuple[str, int, dict[str, str]]:
    """Answer that the process runs, whatever else is wrong."""
    return "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"}


@bp.get("/ready")
def ready() -> tuple[dict[str, Any], int]:
    """Answer 200 when the catalog and the index can be searched, else 503 with the reason."""
    try:
        with services().catalog.reading() as transaction:
            transaction.passages.last_sequence()
        engine, generation = services().live.engine()
        passages = engine.count()
    except KBError as error:
        return {"ready": False, "code": error.code, "reason": str(error), "remedy": error.remedy}, 503
    faults = services().search.synonyms.current().faults
    told: dict[str, Any] = {"ready": True, "generation": generation, "passages": passages}
    # Lines that cannot be used are left out; the rest goes on working.
    return {**told, "synonym_faults": list(faults)}, 200

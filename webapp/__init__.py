"""The faces: browser pages, JSON API and command line."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, request, url_for

if TYPE_CHECKING:
    from webapp.wiring import Services

_YEAR = 365 * 24 * 3600


def create_app(services: Services) -> Flask:
    """Return the application that answers for these services; safe to call more than once."""
    # Imported here: the command line is in this package too, and most commands need no pages.
    from webapp import (  # noqa: PLC0415
        admin,
        api,
        documents,
        health,
        history,
        insight,
        judging,
        pages,
        passages,
        search,
        uploads,
    )
    from webapp.current import EXTENSION  # noqa: PLC0415
    from webapp.errors import explain_errors  # noqa: PLC0415
    from webapp.i18n import speak  # noqa: PLC0415
    from webapp.layout.filters import add_filters  # noqa: PLC0415
    from webapp.links.signing import secret_key  # noqa: PLC0415
    from webapp.openapi import pages as openapi  # noqa: PLC0415
    from webapp.security import guard_changes, protect  # noqa: PLC0415
    from webapp.sending import send_well  # noqa: PLC0415

    app = Flask(__name__)
    app.extensions[EXTENSION] = services
    # Only uploads need more of a body, and ask for it themselves.
    app.config.update(MAX_CONTENT_LENGTH=64 * 1024, SEND_FILE_MAX_AGE_DEFAULT=_YEAR)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.secret_key = secret_key(services.settings.home)
    app.before_request(uploads.allow_files)
    # Before all else that looks at an answer, which is to say after it: Flask goes through them backwards.
    send_well(app)
    guard_changes(app)
    speak(app)
    protect(app, services.settings)
    explain_errors(app)
    add_filters(app)
    _name_assets(app)
    for module in (
        search,
        documents,
        pages,
        history,
        passages,
        judging,
        admin,
        insight,
        uploads,
        api,
        openapi,
        health,
    ):
        app.register_blueprint(module.bp)
    return app


def _name_assets(app: Flask) -> None:
    """Give templates ``asset(name)``: an address that changes with the file, so it may be kept for long."""
    folder = Path(app.static_folder or "")
    versions = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        for path in folder.rglob("*")
        if path.is_file()
    }

    @functools.lru_cache(maxsize=1_024)
    def asset(name: str, root: str) -> str:
        return url_for("static", filename=name, v=versions[name])

    app.jinja_env.globals["asset"] = lambda name: asset(name, request.script_root)

"""Which services may a view call? Those that the application was made with."""

from __future__ import annotations

from typing import cast

from flask import current_app

from webapp.wiring import Services

EXTENSION = "kb"


def services() -> Services:
    """Return the services of the application that answers the request at hand."""
    return cast(Services, current_app.extensions[EXTENSION])

"""With what manners are web servers asked? Those of the settings."""

from __future__ import annotations

from ingest.pipeline import Pipeline
from ingest.web.client import Client, Limits
from ingest.web.fetching import Fetcher, token
from ingest.web.guard import Guard
from ingest.web.intake import WebIntake
from ingest.web.politeness import Turnstile
from kb import __version__
from kb.blobs import BlobStore
from kb.catalog import Catalog
from kb.settings import Settings


def web_intake(settings: Settings, pipeline: Pipeline, catalog: Catalog, blobs: BlobStore) -> WebIntake:
    """Return what takes pages in, with the manners that the settings ask for."""
    agent = settings.web_agent if "/" in settings.web_agent else f"{settings.web_agent}/{__version__}"
    limits = Limits(
        quiet=settings.web_timeout, total=settings.web_total, size=settings.max_file_mb * 1_000_000
    )
    guard = Guard(settings.web_allow, ports=settings.web_ports)
    fetcher = Fetcher(Client(guard, agent=agent, limits=limits), Turnstile(settings.web_delay), agent=agent)
    return WebIntake(
        pipeline, catalog, blobs, fetcher=fetcher, agent=token(agent), most_pages=settings.web_pages
    )

"""Where are the parts put together? Settings become a catalog, an index and the services, here only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from index.generations import Generations, LiveIndex
from index.search import SearchService
from ingest.isolation.isolated import Isolated
from ingest.pipeline import Pipeline
from ingest.reading import Limits, Reading
from ingest.unlocking import PasswordFile, Unlocking
from kb.blobs import BlobStore
from kb.catalog import Catalog
from kb.settings import Settings, load, prepare_home
from webapp.recording import Masking, Recorder
from webapp.work.pictures import Pictures

if TYPE_CHECKING:
    from ingest.web.intake import WebIntake


# A reader waits for a picture, and nobody waits longer than half a minute.
_DRAW_SECONDS = 30.0
_DRAW_MEMORY_MB = 512


@dataclass(frozen=True)
class Services:
    """Everything that a face may call."""

    settings: Settings
    catalog: Catalog
    blobs: BlobStore
    generations: Generations
    reading: Reading
    read_within: Callable[[Limits], Reading]

    @cached_property
    def pipeline(self) -> Pipeline:
        """Return what takes documents in."""
        return Pipeline(self.catalog, self.blobs, self.reading)

    @cached_property
    def web(self) -> WebIntake:
        """Return what takes pages in from the web."""
        # Imported here: the libraries for it cost every other command a fifth of a second.
        from webapp.work.visiting import web_intake  # noqa: PLC0415

        return web_intake(self.settings, self.pipeline, self.catalog, self.blobs)

    @cached_property
    def live(self) -> LiveIndex:
        """Return the index that answers now."""
        return LiveIndex(self.generations)

    @cached_property
    def search(self) -> SearchService:
        """Return what answers questions."""
        return SearchService(self.catalog, self.live, synonyms=self.settings.home / "synonyms.txt")

    @cached_property
    def pictures(self) -> Pictures:
        """Return what shows pages of PDFs as pictures."""
        limits = self.reading.limits
        soon = replace(
            limits,
            seconds=min(limits.seconds, _DRAW_SECONDS),
            memory_mb=min(limits.memory_mb, _DRAW_MEMORY_MB),
        )
        return Pictures(
            self.settings.home / "pictures",
            reading=self.read_within(soon),
            blobs=self.blobs,
            most_bytes=self.settings.pictures_mb * 1_000_000,
        )

    @cached_property
    def masking(self) -> Masking:
        """Return what makes of a question what may be kept of it."""
        return Masking(self.search, others=self.settings.questions == "all")

    @cached_property
    def recorder(self) -> Recorder | None:
        """Return what counts questions; None where nothing of them is to be kept."""
        return None if self.settings.questions == "none" else Recorder(self.catalog, self.masking.kept)

    def close(self) -> None:
        """Let go of the catalog's connections and of the processes that read, when all is written."""
        if self.__dict__.get("recorder") is not None:
            self.__dict__["recorder"].close()
        if "web" in self.__dict__:
            self.web.close()
        if "pictures" in self.__dict__:
            self.pictures.close()
        self.reading.close()
        self.catalog.close()


@contextmanager
def opened(**overrides: object) -> Iterator[Services]:
    """Open all services for one command; ``overrides`` are settings from the command line."""
    services = wire(load(None, **overrides))
    try:
        yield services
    finally:
        services.close()


def wire(settings: Settings, reading: Callable[[Limits], Reading] | None = None) -> Services:
    """Open everything that the settings name; raise HomeError or CatalogError when that fails.

    ``reading`` makes what documents are read with: processes of their own, unless a test has it otherwise.
    """
    home = prepare_home(settings.home)
    catalog = Catalog.open(settings.catalog_url)
    passwords = PasswordFile(settings.passwords_path).passwords

    def within(most: Limits) -> Reading:
        return Unlocking((reading or Isolated)(most), passwords)

    return Services(
        settings=settings,
        catalog=catalog,
        blobs=BlobStore(settings.blobs_folder),
        generations=Generations(home / "index", catalog_id=catalog.id),
        reading=within(limits(settings)),
        read_within=within,
    )


def reading_alone(settings: Settings, password: str | None = None) -> Reading:
    """Return what reads documents without a library; a ``password`` is tried before those of the operator."""
    known = PasswordFile(settings.passwords_path).passwords
    given = (password,) if password else ()
    return Unlocking(Isolated(limits(settings)), lambda: (*given, *known()))


def limits(settings: Settings) -> Limits:
    """Return the limits of reading that the settings name."""
    return Limits(
        text_chars=settings.max_text_chars,
        file_mb=settings.max_file_mb,
        seconds=settings.read_seconds,
        memory_mb=settings.read_memory_mb,
        output_mb=settings.read_output_mb,
        parts=settings.max_parts,
        unpacked_mb=settings.max_unpacked_mb,
        nesting=settings.max_nesting,
    )

"""A watched folder, driven by hand: what happens is done to real files, and the clocks are given."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ingest.pipeline import Pipeline
from ingest.watch.folder import WatchedFolder
from kb.model import Outcome, OutcomeKind, Source

START = datetime(2026, 1, 2, tzinfo=UTC)
QUIET, GRACE = 2.0, 600.0


class Watched:
    """A folder with a clock; ``after`` moves it and does what is due."""

    def __init__(self, pipeline: Pipeline, root: Path) -> None:
        self._pipeline = pipeline
        self.folder = WatchedFolder(
            pipeline, root, max_bytes=1_000_000, quiet=QUIET, grace=timedelta(seconds=GRACE)
        )
        self.now = 0.0

    @property
    def at(self) -> datetime:
        return START + timedelta(seconds=self.now)

    def look_through(self) -> list[Outcome]:
        return list(self.folder.look_through(self.now, self.at))

    def hint(self, *paths: Path) -> None:
        for path in paths:
            self.folder.hint(path, self.now)

    def accept(self) -> int:
        """Accept what is settled without reading it; return how many files that were."""
        self.now += QUIET
        return len(list(self.folder.take_settled(self.now, self.at)))

    def after(self, seconds: float = QUIET) -> list[Outcome]:
        self.now += seconds
        outcomes = []
        for step in list(self.folder.take_settled(self.now, self.at)):
            outcome = step if isinstance(step, Outcome) else self._pipeline.read_next(step)
            assert outcome is not None
            outcomes.append(outcome)
        return outcomes

    def remove(self, after: float = GRACE) -> list[str]:
        self.now += after
        return self.folder.remove_missing(self.at)


Sources = Callable[[], dict[str, Source]]


def memo(folder: Path, name: str, words: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.txt"
    path.write_text(words or f"The rules of {name} are kept by the desk.")
    return path


def kinds(outcomes: list[Outcome]) -> list[OutcomeKind]:
    return [outcome.kind for outcome in outcomes]

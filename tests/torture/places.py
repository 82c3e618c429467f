"""Where is a deed of the torture done, and which documents stand there?"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

_TOPICS = ("duty desk", "visits", "safety plan", "court", "summer camp")
UPLOADED = datetime(2026, 1, 2, tzinfo=UTC)


def write_library(folder: Path, *, version: int) -> None:
    """Write the documents of a library.

    The second version edits some and adds one; the third edits one, has one under another name, and one less.
    """
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        f"{topic.replace(' ', '-')}.txt": _text(topic, number, version)
        for number, topic in enumerate(_TOPICS)
    }
    if version == 2:
        texts["swimming.txt"] = "Swimming lessons are on Friday at four."
    if version == 3:
        texts["tribunal.txt"] = texts.pop("court.txt")
        del texts["visits.txt"]
    for path in folder.iterdir():
        if path.name not in texts:
            path.unlink()
    for name, text in texts.items():
        _write(folder / name, text)


def _text(topic: str, number: int, version: int) -> str:
    edited = number % 2 == 0 if version == 2 else number == 0 if version == 3 else False
    when = "by day" if edited else "at night"
    parts = [f"{topic.upper()} RULES"]
    parts += [
        f"Rule {rule} on the {topic}: the {topic} is looked after {when} by person {rule} of the team, "
        f"who writes down what happened and tells the next one on duty before leaving the house."
        for rule in range(3)
    ]
    return "\n\n".join(parts)


def _write(path: Path, text: str) -> None:
    # A file that is as it should be keeps its times.
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a deed is done: the library's home, the folder of its documents, a folder for what it makes.

    ``version`` is the one that the documents have when the deed is done: copies share their folder, and the
    notes beside it of what was accepted, which thus are not on a disk that gets full.
    """

    home: Path
    documents: Path
    made: Path
    version: int = 1

    @classmethod
    def below(cls, folder: Path, documents: Path) -> Place:
        """Return the places below a folder that is made."""
        (folder / "made").mkdir(parents=True, exist_ok=True)
        return cls(folder / "home", documents, folder / "made")

    def copy_to(self, folder: Path) -> Place:
        """Return a copy to do something to."""
        shutil.rmtree(folder, ignore_errors=True)
        copy = replace(Place.below(folder, self.documents), version=self.version)
        if self.home.exists():
            shutil.copytree(self.home, copy.home)
        shutil.copytree(self.made, copy.made, dirs_exist_ok=True)
        return copy

    def note(self, source_id: str) -> None:
        """Write down that a source was accepted: from here on it must not be lost."""
        with self._notes.open("a", encoding="ascii") as file:
            file.write(f"{source_id}\n")

    def accepted(self) -> set[str]:
        """Return the sources that were accepted."""
        return set(self._notes.read_text(encoding="ascii").split()) if self._notes.exists() else set()

    def forget_accepted(self) -> None:
        """Begin with new notes."""
        self._notes.unlink(missing_ok=True)

    @property
    def _notes(self) -> Path:
        return self.documents.with_name("accepted")

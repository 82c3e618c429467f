"""What was asked, how well was it answered, and how did people judge the answers?

Questions come here masked (``kb.privacy``) and are kept as counts by day: who asked is never known. Questions
of the same words, whatever their order and accents, have the same ``words`` and are shown as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from enum import IntEnum

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kb.catalog import dialect
from kb.catalog.tables import judgments, questions

LONGEST = 300
"""How long a question that is kept may be, in characters; tables have room for some more."""


class Grade(IntEnum):
    """How a person judged a passage as an answer; the numbers are those of relevance judgments (qrels)."""

    WRONG = 0
    RELATED = 1
    ANSWERS = 2


@dataclass(frozen=True, slots=True)
class Counted:
    """A question of one day: how often it was asked, how many passages matched, how well the first did."""

    text: str
    words: str
    day: date
    times: int
    total: int
    confidence: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions of the same words: the commonest wording, the others, and how the last one was answered."""

    words: str
    text: str
    others: tuple[str, ...]
    times: int
    total: int
    confidence: str
    last: date


@dataclass(frozen=True, slots=True)
class Judgment:
    """One voter's word on one passage as an answer to one question; a voter's last word counts.

    ``voter`` is a random name that nothing else has: it tells votes apart and nobody who voted.
    """

    question: str
    passage_id: str
    grade: Grade
    voter: str = ""


class Questions:
    """The questions and judgments of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def count(self, counted: Iterable[Counted]) -> None:
        """Add to the counts of their days; how a question was answered last replaces what was before."""
        for one in counted:
            dialect.insert_or_update(self._connection, questions, asdict(one), adding="times")

    def asked(
        self, *, since: date, confidences: Sequence[str] = (), limit: int, offset: int = 0
    ) -> list[Asked]:
        """Return what was asked since a day, the most frequent first, grouped by words.

        ``confidences``: only what was answered so when it was last asked.
        """
        group = _groups(since, confidences).subquery()
        ranked = (
            sa.select(group)
            .order_by(group.c.times.desc(), group.c.last.desc(), group.c.words)
            .limit(limit)
            .offset(offset)
        )
        found = self._connection.execute(ranked).all()
        rows = self._rows(since, [row.words for row in found])
        return [_asked(row.last, rows[row.words], confidences) for row in found]

    def different(self, *, since: date, confidences: Sequence[str] = ()) -> int:
        """Count the groups that ``asked`` goes through."""
        group = _groups(since, confidences).subquery()
        return int(self._connection.execute(sa.select(sa.func.count()).select_from(group)).scalar_one())

    def answered(self, *, since: date) -> dict[str, int]:
        """Return how many questions were asked since a day, by how the last of their wording was answered."""
        times = sa.func.sum(questions.c.times)
        query = sa.select(questions.c.confidence, times).where(questions.c.day >= since)
        query = query.group_by(questions.c.confidence)
        return {name: int(count) for name, count in self._connection.execute(query)}

    def forget(self, *, before: date) -> int:
        """Remove the questions of days before one; return how many rows went."""
        return self._connection.execute(questions.delete().where(questions.c.day < before)).rowcount

    def forget_words(self, words: str) -> int:
        """Remove all questions of the same words, and the judgments on them; return how many rows went."""
        which = questions.c.words == words
        texts = sa.select(questions.c.text).where(which)
        self._connection.execute(judgments.delete().where(judgments.c.question.in_(texts)))
        return self._connection.execute(questions.delete().where(which)).rowcount

    def judge(self, judgment: Judgment) -> None:
        """Keep a judgment; a later one of the same voter on the same answer takes its place."""
        values = {**asdict(judgment), "grade": int(judgment.grade), "judged_at": datetime.now(UTC)}
        dialect.insert_or_update(self._connection, judgments, values)

    def take_back(self, question: str, passage_id: str, *, voter: str) -> bool:
        """Remove a voter's judgment; tell whether there was one."""
        gone = self._connection.execute(judgments.delete().where(_same(question, passage_id, voter)))
        return gone.rowcount > 0

    def judged(self) -> list[Judgment]:
        """Return all judgments by question, passage and voter."""
        columns = (judgments.c.question, judgments.c.passage_id, judgments.c.voter)
        rows = self._connection.execute(judgments.select().order_by(*columns))
        return [Judgment(row.question, row.passage_id, Grade(row.grade), row.voter) for row in rows]

    def grades_of(self, question: str, voters: Iterable[str]) -> dict[str, Grade]:
        """Return the grades that some voters gave to answers of a question, by passage."""
        which = (judgments.c.question == question) & judgments.c.voter.in_(tuple(voters))
        return {
            row.passage_id: Grade(row.grade)
            for row in self._connection.execute(judgments.select().where(which))
        }

    def _rows(self, since: date, words: Sequence[str]) -> dict[str, list[Counted]]:
        query = questions.select().where(questions.c.day >= since, questions.c.words.in_(words))
        rows: dict[str, list[Counted]] = {name: [] for name in words}
        for row in self._connection.execute(query.order_by(questions.c.day, questions.c.text)):
            one = Counted(row.text, row.words, row.day, row.times, row.total, row.confidence)
            rows[row.words].append(one)
        return rows


def _groups(since: date, confidences: Sequence[str]) -> sa.Select[tuple[str, int, date]]:
    """Select the words asked since a day, how often and when last, if that was answered as wanted."""
    group = (
        sa.select(
            questions.c.words,
            sa.func.sum(questions.c.times).label("times"),
            sa.func.max(questions.c.day).label("last"),
        )
        .where(questions.c.day >= since)
        .group_by(questions.c.words)
    )
    if not confidences:
        return group
    every = group.subquery()
    newest = (
        sa.exists()
        .where(questions.c.words == every.c.words, questions.c.day == every.c.last)
        .where(questions.c.confidence.in_(confidences))
    )
    return sa.select(every.c.words, every.c.times, every.c.last).where(newest)


def _asked(last: date, rows: Sequence[Counted], confidences: Sequence[str]) -> Asked:
    """Return the questions of one group; of the wordings of its last day, one that was answered as wanted."""
    times: dict[str, int] = {}
    for row in rows:
        times[row.text] = times.get(row.text, 0) + row.times
    texts = sorted(times, key=lambda text: (-times[text], text))
    newest = max(
        (row for row in rows if row.day == last),
        key=lambda row: (row.confidence in confidences, row.times, row.text),
    )
    return Asked(
        words=newest.words,
        text=texts[0],
        others=tuple(texts[1:]),
        times=sum(times.values()),
        total=newest.total,
        confidence=newest.confidence,
        last=last,
    )


def _same(question: str, passage_id: str, voter: str) -> sa.ColumnElement[bool]:
    return (
        (judgments.c.question == question)
        & (judgments.c.passage_id == passage_id)
        & (judgments.c.voter == voter)
    )

"""What was asked, how well was it answered, and how did people judge the answers?

Questions come here masked (``kb.privacy``) and are kept as counts by day: who asked is never known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import IntEnum

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kb.catalog.tables import judgments, questions


class Grade(IntEnum):
    """How a person judged a passage as an answer; the numbers are those of relevance judgments (qrels)."""

    WRONG = 0
    RELATED = 1
    ANSWERS = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with how often it was asked, how many passages matched last, and how well the first did."""

    text: str
    times: int
    total: int
    confidence: str
    last: date


@dataclass(frozen=True, slots=True)
class Judgment:
    """A person's word on one passage as an answer to one question; the last word counts."""

    question: str
    passage_id: str
    grade: Grade


class Questions:
    """The questions and judgments of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def count(self, text: str, *, day: date, total: int, confidence: str) -> None:
        """Count a question that was asked on a day, with how it was answered."""
        which = (questions.c.text == text) & (questions.c.day == day)
        again = questions.update().where(which)
        changed = self._connection.execute(
            again.values(times=questions.c.times + 1, total=total, confidence=confidence)
        )
        if changed.rowcount == 0:
            self._connection.execute(
                questions.insert().values(text=text, day=day, times=1, total=total, confidence=confidence)
            )

    def asked(
        self, *, since: date, confidences: Sequence[str] = (), limit: int, least: int = 1
    ) -> list[Asked]:
        """Return the questions of the days since, the most frequent first; ``least`` hides rarer ones."""
        times, last = sa.func.sum(questions.c.times), sa.func.max(questions.c.day)
        query = (
            sa.select(questions.c.text, times.label("times"), last.label("last"))
            .where(questions.c.day >= since)
            .group_by(questions.c.text)
            .having(times >= least)
            .order_by(times.desc(), last.desc(), questions.c.text)
        )
        found = []
        for row in self._connection.execute(query):
            newest = questions.select().where(questions.c.text == row.text, questions.c.day == row.last)
            state = self._connection.execute(newest).one()
            if confidences and state.confidence not in confidences:
                continue
            found.append(Asked(row.text, row.times, state.total, state.confidence, row.last))
            if len(found) == limit:
                break
        return found

    def days(self, *, since: date) -> list[tuple[date, str, int]]:
        """Return how many questions of each confidence were asked on each day."""
        times = sa.func.sum(questions.c.times)
        query = (
            sa.select(questions.c.day, questions.c.confidence, times)
            .where(questions.c.day >= since)
            .group_by(questions.c.day, questions.c.confidence)
            .order_by(questions.c.day, questions.c.confidence)
        )
        return [(day, confidence, count) for day, confidence, count in self._connection.execute(query)]

    def forget(self, *, before: date) -> int:
        """Remove the questions of days before one; return how many rows went."""
        return self._connection.execute(questions.delete().where(questions.c.day < before)).rowcount

    def judge(self, judgment: Judgment) -> None:
        """Keep a judgment; a later one on the same question and passage takes its place."""
        which = (judgments.c.question == judgment.question) & (judgments.c.passage_id == judgment.passage_id)
        values = {"grade": int(judgment.grade), "judged_at": datetime.now(UTC)}
        if self._connection.execute(judgments.update().where(which).values(**values)).rowcount == 0:
            self._connection.execute(
                judgments.insert().values(
                    question=judgment.question, passage_id=judgment.passage_id, **values
                )
            )

    def judged(self) -> list[Judgment]:
        """Return all judgments by question and passage."""
        query = judgments.select().order_by(judgments.c.question, judgments.c.passage_id)
        rows = self._connection.execute(query)
        return [Judgment(row.question, row.passage_id, Grade(row.grade)) for row in rows]

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kb.catalog.prepared import WANTED, Prepared

WORDS = sa.Table("words", sa.MetaData(), sa.Column("word", sa.String, primary_key=True))
ASKED = Prepared(sa.select(WORDS.c.word).where(WORDS.c.word.in_(sa.bindparam(WANTED, expanding=True))))


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        WORDS.create(connection)
        connection.execute(WORDS.insert(), [{"word": f"w{n}"} for n in range(5_000)])
        yield connection
    engine.dispose()


@pytest.mark.parametrize("many", [0, 1, 2, 3, 5, 8, 4_096, 4_097, 5_000])
def test_each_value_has_its_row_once_however_many_are_asked_for(connection: Connection, many: int) -> None:
    wanted = [f"w{n}" for n in range(many)]
    assert sorted(ASKED.rows(connection, wanted)) == sorted((word,) for word in wanted)


def test_values_that_are_not_there_have_no_row(connection: Connection) -> None:
    assert ASKED.rows(connection, ["w1", "'; DROP TABLE words", "%s"]) == [("w1",)]

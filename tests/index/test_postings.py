"""Postings that are written at once are those that Whoosh's codec writes one by one."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import fields, formats
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import FileStorage

from index.engines import postings

SCHEMA = fields.Schema(
    text=fields.FieldType(formats.Existence(), None), title=fields.FieldType(formats.Existence(), None)
)
# No more than a block has in Whoosh: ours has one for each term.
HELD = st.dictionaries(st.integers(0, 100_000), st.integers(1, 40), max_size=128)
FIELD = st.dictionaries(st.text(min_size=1, max_size=8).map(lambda term: term.encode()), HELD, max_size=12)


@pytest.mark.parametrize("together", [1, 7, 500_000])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.fixed_dictionaries({"text": FIELD, "title": FIELD}))
def test_the_files_are_the_same_byte_for_byte(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    together: int,
    held: dict[str, dict[bytes, dict[int, int]]],
) -> None:
    monkeypatch.setattr(postings, "_TOGETHER", together)
    assert written(tmp_path / "ours", held, at_once=True) == written(tmp_path / "codec", held, at_once=False)


def written(folder: Path, held: dict[str, dict[bytes, dict[int, int]]], *, at_once: bool) -> list[bytes]:
    folder.mkdir(exist_ok=True)
    storage = FileStorage(str(folder))
    codec = W3Codec(compression=0)
    segment = codec.new_segment(storage, "MAIN")
    segment.segid = "same"
    writer = codec.field_writer(storage, segment)
    for name, terms in held.items():
        (_at_once if at_once else _one_by_one)(writer, name, terms)
    writer.close()
    return [path.read_bytes() for path in sorted(folder.iterdir())]


def _at_once(writer: object, name: str, terms: dict[bytes, dict[int, int]]) -> None:
    ordered = [sorted(terms[term].items()) for term in sorted(terms)]
    postings.write_field(
        writer,
        name,
        SCHEMA[name],
        terms=sorted(terms),
        starts=np.cumsum([0, *map(len, ordered)]),
        numbers=np.array([number for each in ordered for number, _ in each], np.uint32),
        counts=np.array([count for each in ordered for _, count in each], np.uint8),
    )


def _one_by_one(writer: object, name: str, terms: dict[bytes, dict[int, int]]) -> None:
    writer.start_field(name, SCHEMA[name])  # type: ignore[attr-defined]
    for term in sorted(terms):
        if terms[term]:
            writer.start_term(term)  # type: ignore[attr-defined]
            for number, count in sorted(terms[term].items()):
                writer.add(number, float(count), b"", None)  # type: ignore[attr-defined]
            writer.finish_term()  # type: ignore[attr-defined]
    writer.finish_field()  # type: ignore[attr-defined]

"""Is the plain ranking that of Whoosh itself? Its own writer and searcher say what is right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import analysis, fields, query
from whoosh import index as whoosh_index

from index.engines import segments
from index.engines.whoosh import WhooshEngine
from index.query import SEARCH_FIELDS
from index.queryparser import parse
from tests.index.passages import passage

WORDS = ("court", "foster", "care", "child", "desk", "a", "e-mail", "42", "653.22(b)", "ñandú")
TERMS = ("court", "foster", "care", "child", "desk", "email", "42", "653", "22", "nandu", "absent")

Texts = tuple[str, str, str]

texts = st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)
questions = st.lists(st.sampled_from(TERMS), min_size=1, max_size=5, unique=True)
corpora = st.lists(st.tuples(texts, texts, texts), min_size=1, max_size=12)


def commit(
    engine: WhooshEngine, sequence: int, added: dict[str, tuple[str, str, str]], gone: set[str]
) -> None:
    with engine.writer(sequence) as batch:
        for passage_id, (title, heading, text) in added.items():
            batch.put(passage(passage_id, text, title=title, headings=(heading,) if heading else ()))
        for passage_id in gone:
            batch.delete(passage_id)


def stock(engine: WhooshEngine, folder: Path) -> whoosh_index.FileIndex:
    """Return an index that Whoosh wrote by itself: with the same terms, segments and deletions."""
    schema = fields.Schema(
        id=fields.ID(stored=True, unique=True),
        **{name: fields.TEXT(analyzer=analysis.SpaceSeparatedTokenizer()) for name in SEARCH_FIELDS},
    )
    index = whoosh_index.create_in(folder, schema)
    gone = []
    for segment in whoosh_index.TOC.read(engine._storage, segments.NAME, schema=engine._schema).segments:
        writer = index.writer()
        for number, one in enumerate(segments.read(engine._storage, segment)):
            # A deleted passage may be there again in a later segment under the same id.
            name = f"{segment.segment_id()} {number}" if segment.is_deleted(number) else one.id
            gone += [name] if segment.is_deleted(number) else []
            terms = [" ".join((*words, *wholes)) for words, wholes in zip(one.words, one.wholes, strict=True)]
            writer.add_document(id=name, **dict(zip(SEARCH_FIELDS, terms, strict=True)))
        writer.commit(merge=False)
    writer = index.writer()
    for name in gone:
        writer.delete_by_term("id", name)
    writer.commit(merge=False)
    return index


def ask(index: whoosh_index.FileIndex, terms: list[str], limit: int) -> list[tuple[str, float]]:
    wanted = query.Or([query.Term(name, term) for term in terms for name in SEARCH_FIELDS])
    with index.searcher() as searcher:
        return [(hit["id"], hit.score) for hit in searcher.search(wanted, limit=limit)]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    batches=st.lists(st.tuples(corpora, st.sets(st.integers(0, 30), max_size=5)), min_size=1, max_size=4),
    asked=st.lists(
        st.lists(st.sampled_from(TERMS), min_size=1, max_size=5, unique=True), min_size=2, max_size=4
    ),
)
def test_the_plain_ranking_is_whooshs_own(
    batches: list[tuple[list[Texts], set[int]]],
    asked: list[list[str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    engine = WhooshEngine.create(tmp_path_factory.mktemp("ours"))
    number = 0
    for sequence, (added, removed) in enumerate(batches, start=1):
        named = {f"p{number + at}": texts for at, texts in enumerate(added)}
        number += len(added)
        commit(engine, sequence, named, {f"p{at}" for at in removed})
    index = stock(engine, tmp_path_factory.mktemp("stock"))
    for terms in asked:
        right = ask(index, terms, 1_000)
        ours = engine.plain_ranking().best(terms, limit=1_000)
        assert {hit.passage_id: hit.score for hit in ours} == pytest.approx(dict(right), rel=1e-12)
        best = engine.plain_ranking().best(terms, limit=3)
        assert best == ours[:3]
        assert [hit.score for hit in best] == pytest.approx([score for _, score in right[:3]], rel=1e-12)


def test_equal_passages_stand_in_the_order_in_which_whoosh_has_them(tmp_path: Path) -> None:
    (tmp_path / "stock").mkdir()
    engine = WhooshEngine.create(tmp_path / "ours")
    texts = ("", "", "court of care"), ("", "", "foster care court"), ("court", "", "care")
    commit(engine, 1, {f"p{9 - at}": texts[at % 3] for at in range(9)}, set())
    commit(engine, 2, {f"q{at}": texts[at % 3] for at in range(5)}, {"p7"})
    right = ask(stock(engine, tmp_path / "stock"), ["court", "care"], 10)
    hits = engine.plain(parse("the court, court care"), limit=10)
    assert [(hit.passage_id, hit.rank) for hit in hits] == [(name, n) for n, (name, _) in enumerate(right, 1)]


def test_our_postings_are_those_that_whoosh_writes_itself(tmp_path: Path) -> None:
    (tmp_path / "stock").mkdir()
    engine = WhooshEngine.create(tmp_path / "ours")
    commit(
        engine,
        1,
        {
            f"p{at}": (WORDS[at % 10], "e-mail 653.22(b)", " ".join(WORDS[: at % 7] * (at % 4)))
            for at in range(60)
        },
        set(),
    )
    ours = whoosh_index.open_dir(tmp_path / "ours", segments.NAME, schema=segments.schema())
    right = stock(engine, tmp_path / "stock")

    def postings(index: whoosh_index.FileIndex) -> dict[tuple[str, bytes], list[tuple[int, float]]]:
        found = {}
        with index.reader() as reader:
            for field, term in reader.all_terms():
                if field in SEARCH_FIELDS:
                    matcher = reader.postings(field, term)
                    found[field, term] = [(at, matcher.weight()) for at in _numbers(matcher)]
        return found

    assert postings(ours) == postings(right)


def _numbers(matcher: Any) -> Iterator[int]:
    while matcher.is_active():
        yield matcher.id()
        matcher.next()

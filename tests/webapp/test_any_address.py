"""Whatever an address says, a page answers: with what was asked for or a reason, never with a fault of ours.

ADDRESSES=100 python -m pytest tests/webapp/test_any_address.py     more of them than usual
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.routing import Rule

from tests.library import services_at, take_in, write
from webapp import create_app
from webapp.wiring import Services

NAMES = (
    "q like collection lang document type since until year sort expand page part passage find back zoom width"
    " to ui rank state days only id still uncounted"
).split()
WRITTEN = '0 1 -1 99999999999999999999 1e9 en newest pdf 2024-02-30 9999-12-31 lamp "lamp -lamp title: // %'
ODD_VALUES = [*WRITTEN.split(), "", "\x00", "\u202e", "/search?q=lamp#p", "//elsewhere.org", "💡" * 200]
ODD = st.text(max_size=20) | st.sampled_from(ODD_VALUES)
EXAMPLES = int(os.environ.get("ADDRESSES", "4"))


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder = tmp_path_factory.mktemp("addresses")
    services = services_at(folder / "home")
    take_in(services, write(folder / "house", lamp="The lamp in the hall is lit at six.", empty=""))
    take_in(services, write(folder / "house", lamp="The lamp in the hall is lit at seven."))
    yield services
    services.close()


@pytest.fixture(scope="module")
def app(services: Services) -> Flask:
    return create_app(services)


def known(services: Services) -> list[str]:
    """Return what addresses are made of: ids of documents and passages, numbers of versions."""
    with services.catalog.reading() as transaction:
        sources = transaction.sources.all()
        versions = [str(v.document_id) for one in sources for v in transaction.documents.versions(one.id)]
        passages = [passage.id for one in sources for passage in transaction.passages.of_source(one.id)]
    return [*(one.id for one in sources), *passages, *versions, "1", "txt", "bib"]


def rules(app: Flask) -> list[Rule]:
    """Return the pages that are read; not streams, which have no end."""
    every = (rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()))
    return sorted((rule for rule in every if rule.endpoint not in ("static", "admin.stream")), key=str)


def test_no_address_finds_a_fault_of_ours(app: Flask, services: Services) -> None:
    client, ids = (
        app.test_client(),
        st.sampled_from(known(services)) | ODD.filter(lambda text: "/" not in text),
    )

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def ask(data: st.DataObject) -> None:
        language = data.draw(st.sampled_from(["en", "es"]))
        for rule in rules(app):
            path = "".join(
                part
                if is_text
                else quote(data.draw(st.integers(0, 10**20).map(str) if "int" in rule.rule else ids))
                for is_text, part in _parts(rule)
            )
            asked = data.draw(st.lists(st.tuples(st.sampled_from(NAMES), ids | ODD), max_size=3))
            answer = client.get(path, query_string=asked, headers={"Accept-Language": language})
            assert answer.status_code < 500 or rule.endpoint == "health.ready", (path, asked)

    ask()


def _parts(rule: Rule) -> Iterator[tuple[bool, str]]:
    """Yield the parts of a rule, and whether each stands in the address as it is."""
    for at, part in enumerate(rule.rule.replace("<", ">").split(">")):
        yield at % 2 == 0, part

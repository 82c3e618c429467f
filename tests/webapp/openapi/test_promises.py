"""The API keeps what its description says, asked by a machine (https://schemathesis.readthedocs.io).

SCHEMATHESIS=500 python -m pytest tests/webapp/openapi/test_promises.py     more questions than usual
"""

import contextlib
import os
from collections.abc import Iterator

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import BaseSchema, Case, GenerationMode
from schemathesis import checks as known

from tests.library import services_at, take_in
from tests.webapp.conftest import HOSTILE, VISITAS, VISITS
from webapp import create_app
from webapp.openapi.document import undescribed

EXAMPLES = int(os.environ.get("SCHEMATHESIS", "5"))

known.load_all_checks()
CHECKS = [
    known.not_a_server_error,
    *known.CHECKS.get_by_names(
        ["status_code_conformance", "content_type_conformance", "response_headers_conformance",
         "response_schema_conformance", "negative_data_rejection", "unsupported_method"]
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BaseSchema]:
    """The description of a library that is asked, and given files, by this module only."""
    folder = tmp_path_factory.mktemp("promises")
    services = services_at(folder / "home", max_file_mb=1)
    house = folder / "house"
    house.mkdir()
    for name, text in {
        "visits.md": VISITS,
        "visitas.md": VISITAS,
        "hostile.html": HOSTILE,
        "no.txt": "",
    }.items():
        (house / name).write_text(text, encoding="utf-8")
    take_in(services, house)
    yield schemathesis.openapi.from_wsgi("/api/openapi.json", create_app(services))
    services.close()


def session_of(app: Flask) -> dict[str, str]:
    """Return the headers that a change needs: a token, and the cookie that came with it."""
    answer = app.test_client().get("/api/v1/token")
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    return {"X-CSRFToken": answer.get_json()["csrf_token"], "Cookie": cookie}


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_answer_breaks_a_promise(api: BaseSchema, mode: GenerationMode, method: str) -> None:
    """No fault of ours, no status, type of content or shape that is not described."""
    session = session_of(api.app) if (method, mode) == ("POST", GenerationMode.POSITIVE) else {}
    # Answers are validated as they come, without the unpacking that HTTP clients do.
    headers = {**session, "Accept-Encoding": "identity"}
    asked = 0
    for result in api.include(method=method).get_all_operations():

        @seed(1)
        @settings(
            max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None
        )
        @given(case=result.ok().as_strategy(generation_mode=mode))
        def ask(case: Case) -> None:
            case.call_and_validate(checks=CHECKS, headers=headers)

        # What takes any text cannot be asked wrongly.
        with contextlib.suppress(Unsatisfiable):
            ask()
            asked += 1
    assert asked


def test_every_route_of_the_api_is_described(api: BaseSchema) -> None:
    assert undescribed(api.app) == []

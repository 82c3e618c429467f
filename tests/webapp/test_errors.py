import pytest
from flask.testing import FlaskClient

from kb.errors import KBError
from webapp import create_app
from webapp.wiring import Services


def test_a_page_that_is_not_there_helps_on(client: FlaskClient) -> None:
    response = client.get("/nothing")
    assert response.status_code == 404
    assert "There is no such page" in response.text
    assert 'role="search"' in response.text


def test_pages_can_only_be_read(client: FlaskClient) -> None:
    response = client.post("/search")
    assert response.status_code == 405
    assert "This page can only be read" in response.text
    assert "GET" in response.headers["Allow"]


@pytest.mark.parametrize("path", ["/boom", "/api/boom"])
def test_a_fault_of_ours_shows_no_trace(library: Services, path: str) -> None:
    app = create_app(library)
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @app.get(path)
    def boom() -> str:
        raise RuntimeError("secret detail")

    response = app.test_client().get(path)
    assert response.status_code == 500
    assert "secret detail" not in response.text
    assert "Traceback" not in response.text
    assert "Something went wrong on our side" in response.text or "Internal Server Error" in response.text


def test_any_error_of_ours_becomes_a_page_with_its_remedy(library: Services) -> None:
    app = create_app(library)

    @app.get("/odd")
    def odd() -> str:
        raise KBError("the moon is full", remedy="Wait for `kb moon`.")

    response = app.test_client().get("/odd")
    assert response.status_code == 500
    assert "The moon is full." in response.text
    assert "Wait for <code>kb moon</code>." in response.text

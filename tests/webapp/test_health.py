import json

from flask.testing import FlaskClient


def test_a_service_with_documents_is_live_and_ready(client: FlaskClient) -> None:
    assert client.get("/health/live").text == "ok\n"
    ready = client.get("/health/ready")
    assert ready.status_code == 200
    assert json.loads(ready.data)["ready"] is True


def test_a_service_without_an_index_is_live_but_not_ready(empty: FlaskClient) -> None:
    assert empty.get("/health/live").status_code == 200
    ready = empty.get("/health/ready")
    assert ready.status_code == 503
    assert json.loads(ready.data)["code"] == "index-missing"

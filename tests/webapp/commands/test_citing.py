import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.ingest.web.conftest import Site
from tests.library import write
from webapp.cli import cli

PLAN = "A safety plan names the people whom a young person trusts, and the places where she is safe at night."
NUMBER = "Call the county hotline at 800-555-0100. It answers day and night, in English and in Spanish."


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


@pytest.fixture
def cited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Return the ids of two passages as they were cited; since then one has moved and one has changed."""
    monkeypatch.setenv("KB_HOME", str(tmp_path / "home"))
    guides = write(tmp_path / "guides", plan=PLAN, number=NUMBER)
    assert run("ingest", guides).exit_code == 0
    found = {}
    for name, question in (("plan", "safety plan"), ("number", "county hotline")):
        found[name] = json.loads(run("search", question, "--json").output)["hits"][0]["passage_id"]
    write(guides, plan=f"{PLAN} It is read again each month.", number=NUMBER.replace("0100", "0199"))
    assert run("ingest", guides).exit_code == 0
    return found


def test_a_memo_is_checked_and_corrected_in_a_copy(cited: dict[str, str], tmp_path: Path) -> None:
    memo, copy = tmp_path / "memo.md", tmp_path / "copy.md"
    text = f"[plan](http://127.0.0.1:8000/p/{cited['plan']})\n"
    memo.write_text(text)
    result = run("links", "check", memo, "--write", copy)
    assert result.exit_code == 0, result.output
    assert "1 moved" in result.output
    assert memo.read_text() == text
    assert cited["plan"] not in copy.read_text()
    assert "1 same" in run("links", "check", copy).output


def test_what_changed_is_said_with_the_old_and_the_new_words(cited: dict[str, str], tmp_path: Path) -> None:
    memo = tmp_path / "memo.txt"
    memo.write_text(f"/p/{cited['number']}")
    result = run("links", "check", memo)
    assert result.exit_code == 1
    assert "0100" in result.output.split("was:")[1]
    assert "0199" in result.output.split("now:")[1]
    (link,) = json.loads(run("links", "check", memo, "--json").stdout)["links"]
    assert link["status"] == "changed"
    assert "0199" in link["now"]["text"]


def test_the_original_is_never_replaced(cited: dict[str, str], tmp_path: Path) -> None:
    memo = tmp_path / "memo.txt"
    memo.write_text(f"/p/{cited['plan']}")
    result = run("links", "check", memo, "--write", tmp_path / "guides" / ".." / "memo.txt")
    assert result.exit_code == 1
    assert memo.read_text() == f"/p/{cited['plan']}"


def test_a_page_on_the_web_is_asked_through_the_door(
    cited: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site()
    site.page("/memo", f"<p>See <a href='https://kb.example.org/p/{cited['plan']}'>the plan</a>.</p>")
    try:
        assert run("links", "check", site.url("/memo")).exit_code == 1
        assert site.asked == [], "pages inside the network are asked only where the operator allows it"
        monkeypatch.setenv("KB_WEB_ALLOW", "127.0.0.1")
        monkeypatch.setenv("KB_WEB_PORTS", str(site.port))
        monkeypatch.setenv("KB_WEB_DELAY", "0")
        checked = run("links", "check", site.url("/memo"))
        assert checked.exit_code == 0, checked.output
        assert "1 moved" in checked.output
    finally:
        site.close()

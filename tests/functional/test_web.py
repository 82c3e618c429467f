"""Pages from the web, as a person takes them in."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.ingest.web.conftest import Reply, Site
from webapp.cli import cli


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    running = Site()
    monkeypatch.setenv("KB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KB_WEB_ALLOW", "127.0.0.1")
    monkeypatch.setenv("KB_WEB_PORTS", str(running.port))
    monkeypatch.setenv("KB_WEB_DELAY", "0")
    yield running
    running.close()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


def test_a_page_is_found_when_the_command_returns(site: Site) -> None:
    site.page("/hotline", "<p>Call the county hotline at 800-555-0100.</p>")
    ingested = run("ingest", site.url("/hotline"))
    assert ingested.exit_code == 0, ingested.output
    assert "1 documents: 1 added" in ingested.output
    (hit,) = json.loads(run("search", "hotline number", "--json").output)["hits"]
    assert (hit["source"]["uri"], hit["source"]["collection"]) == (site.url("/hotline"), "127.0.0.1")
    assert hit["source"]["fetched_at"]
    assert site.sent[-1]["user-agent"].startswith("kb/")
    shown = run("search", "hotline number").output
    assert f"   {site.url('/hotline')}  /p/" in shown
    assert run("verify").output.strip() == "all is well"


def test_a_site_and_a_folder_can_be_taken_in_with_one_command(site: Site, tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_text("A safety plan names the people whom a young person trusts.")
    site.page("/", "<p>Start here.</p><a href='a'>a</a><a href='b'>b</a>")
    site.page("/a", "<p>The first page.</p>")
    site.page("/b", "<p>The second page.</p>")
    result = run("ingest", site.url("/"), str(tmp_path / "plan.txt"), "--site", "--max-pages", "2")
    assert result.exit_code == 0, result.output
    assert "3 documents: 3 added" in result.output


def test_a_machine_inside_is_refused_unless_a_setting_allows_it(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KB_WEB_ALLOW")
    result = run("ingest", site.url("/"))
    assert result.exit_code == 1
    assert "inside this network" in result.output
    assert "KB_WEB_ALLOW" in result.output
    assert site.asked == []


def test_a_page_that_is_gone_is_shown_by_status(site: Site) -> None:
    site.page("/hotline", "<p>Call the county hotline at 800-555-0100.</p>")
    run("ingest", site.url("/hotline"))
    site.pages["/hotline"] = Reply(status=410)
    assert run("ingest", site.url("/hotline")).exit_code == 1
    (failure,) = json.loads(run("status", "--json").output)["failed"]
    assert (failure["code"], "kb remove" in failure["remedy"]) == ("source-gone", True)
    assert json.loads(run("search", "hotline", "--json").output)["total"] == 1

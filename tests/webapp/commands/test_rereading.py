from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from ingest.batch import accept_all
from kb.model import Outcome
from tests.library import services_at, take_in, write
from webapp import create_app
from webapp.cli import cli
from webapp.wiring import Services

FAILS = b"%PDF-1.4 nothing of a PDF startxref"


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Services:
    """Two texts, one of them read by a reader of long ago, a web page, and a PDF that cannot be read."""
    monkeypatch.setenv("KB_HOME", str(tmp_path / "home"))
    guides = write(tmp_path / "guides", old="Words that an old reader read.", new="Words of today.")
    (guides / "page.html").write_text("<title>A page</title><p>Some words of a page.</p>")
    (guides / "plan.pdf").write_bytes(FAILS)
    services = services_at(tmp_path / "home")
    take_in(services, guides)
    engine = sa.create_engine(services.settings.catalog_url)
    with engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE documents SET reader = 'plaintext@0' WHERE text LIKE 'Words that an old%'")
        )
    engine.dispose()
    return services


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["reread", *arguments])


def read(result: Result) -> list[str]:
    """Return the files that were read again."""
    return sorted(
        line.rpartition("/")[2].partition(":")[0] for line in result.output.splitlines() if "file:" in line
    )


def test_only_what_an_older_reader_read_is_read_again(library: Services) -> None:
    result = run("--older-readers")
    assert (result.exit_code, read(result)) == (0, ["old.txt"]), result.output
    assert "no documents" in run("--older-readers").output


def test_only_what_failed_is_read_again(library: Services) -> None:
    result = run("--failed")
    assert (result.exit_code, read(result)) == (1, ["plan.pdf"])


def test_only_one_type_is_read_again(library: Services) -> None:
    assert "1 documents: 1 unchanged" in run("--type", "html").output
    assert "2 documents" in run("--type", "text").output
    assert "no documents" in run("--type", "html", "--collection", "another").output


def test_what_was_too_large_to_be_kept_is_taken_from_its_file(library: Services, tmp_path: Path) -> None:
    large = tmp_path / "guides" / "large.txt"
    large.write_text("Many words. " * 1000)
    (refused,) = accept_all(library.pipeline, [large], collection="guides", max_bytes=1000)
    assert isinstance(refused, Outcome)
    assert refused.code == "source-too-large"
    result = run("--failed")
    assert "1 added, 1 failed" in result.output
    assert "large.txt" in read(result)


def test_something_must_be_chosen_and_known(library: Services) -> None:
    assert run().exit_code == 2
    assert run("000000000000").exit_code == 1


def test_the_pages_offer_the_same(library: Services) -> None:
    app = create_app(library)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    page = client.get("/admin/").text
    assert "1 document was read by an older reader" in page
    assert '<option value="html">Web page</option>' in page
    client.post("/admin/documents/reread")
    with library.catalog.reading() as transaction:
        pending = [source.place for source in transaction.sources.all() if source.state.value == "pending"]
    assert pending == ["old.txt"]
    client.post("/admin/documents/reread", data={"type": "html"})
    with library.catalog.reading() as transaction:
        assert sum(source.state.value == "pending" for source in transaction.sources.all()) == 2

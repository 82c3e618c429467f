import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ingest.web.conftest import Reply, Site
from tests.library import services_at
from webapp.commands.watching import Rechecks, named_folders
from webapp.wiring import Services


def test_folders_are_named_as_in_path_and_may_name_their_collection() -> None:
    setting = os.pathsep.join(["/srv/laws", " rules=/srv/documents", "", "/srv/a=b"])
    assert named_folders(setting) == [
        (None, Path("/srv/laws")),
        ("rules", Path("/srv/documents")),
        (None, Path("/srv/a=b")),
    ]
    assert named_folders("") == []


@pytest.fixture
def site() -> Iterator[Site]:
    running = Site()
    yield running
    running.close()


@pytest.fixture
def services(site: Site, tmp_path: Path) -> Iterator[Services]:
    wired = services_at(
        tmp_path / "home",
        web_allow="127.0.0.1",
        web_ports=str(site.port),
        web_delay=0,
        recheck_hours=0.000_000_1,
    )
    yield wired
    wired.close()


def test_a_page_that_changed_is_pending_after_it_was_due(site: Site, services: Services) -> None:
    site.page("/", "<p>The desk is open.</p>")
    (source_id,) = services.web.take(site.url("/"), collection=None, site=False)
    assert isinstance(source_id, str)
    services.pipeline.read_next(source_id)
    site.page("/", "<p>The desk is closed.</p>")
    rechecks = Rechecks(services)
    assert rechecks.step()
    outcome = services.pipeline.read_next(source_id)
    assert outcome is not None
    with services.catalog.reading() as transaction:
        (passage,) = transaction.passages.of_source(source_id)
    assert passage.text == "The desk is closed."
    rechecks.close()


def test_a_page_that_is_gone_is_logged(
    site: Site, services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    site.page("/", "<p>The desk is open.</p>")
    list(services.web.take(site.url("/"), collection=None, site=False))
    site.pages["/"] = Reply(status=404)
    assert Rechecks(services).step()
    assert "there is no page" in caplog.text


def test_nothing_is_asked_when_nothing_is_due(services: Services) -> None:
    rechecks = Rechecks(services)
    assert not rechecks.step()
    rechecks.close()

"""The documents say what is so."""

import re
from pathlib import Path

import pytest

from kb import errors, settings
from webapp.cli import cli

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def test_the_settings_page_is_the_table_of_the_code() -> None:
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    rows = [f"| `{row.variable}` | {row.default or 'empty'} | {row.help} |" for row in settings.SETTINGS]
    assert re.findall(r"^\| `KB_.*\|$", page, flags=re.MULTILINE) == rows


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_file_leads_to_one(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_is_named_exists(page: Path) -> None:
    named = set(re.findall(r"`(?:\.venv/bin/)?kb ([a-z]+)", page.read_text(encoding="utf-8")))
    assert named <= set(cli.commands)


def test_every_module_that_is_named_exists() -> None:
    named = re.findall(r"`((?:kb|index|ingest|webapp|tests)/[\w/.]*)`", "".join(p.read_text() for p in PAGES))
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_error_stands_in_the_tree_of_its_module_and_has_a_code_of_its_own() -> None:
    classes = [c for c in vars(errors).values() if isinstance(c, type) and issubclass(c, errors.KBError)]
    assert errors.__doc__ is not None
    assert all(c.__name__ in errors.__doc__ and c.remedy and c.__doc__ for c in classes)
    assert len({c.code for c in classes}) == len(classes)

"""The commands of `kb`, called as a person does."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from webapp.cli import cli, main


def run(*arguments: object) -> Result:
    """Run a command in this process; return how it ended and what it said."""
    return CliRunner().invoke(cli, [str(argument) for argument in arguments], catch_exceptions=True)


def twice(first: Callable[..., object], then: Callable[..., object]) -> Callable[..., object]:
    """Return what does as ``first`` does, twice, and as ``then`` from there on."""
    calls = iter([first, first])

    def call(*arguments: object, **named: object) -> object:
        return next(calls, then)(*arguments, **named)

    return call


def failing(*arguments: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """Run a command that must fail the way a person sees it; return what stands on the error stream."""
    monkeypatch.setattr("sys.argv", ["kb", *map(str, arguments)])
    with pytest.raises(SystemExit) as exit_:
        main()
    assert exit_.value.code == 1
    return capsys.readouterr().err

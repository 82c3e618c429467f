"""What does a view of the API take and give? It says so beside its code; the description is made of that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])
_DESCRIPTION = "described_as"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an address: what it means, and the schema of its value; ``several``: it may repeat."""

    name: str
    description: str
    schema: dict[str, Any] = field(default_factory=lambda: {"type": "string"})
    several: bool = False
    required: bool = False


@dataclass(frozen=True, slots=True)
class Described:
    """What a view takes and gives.

    ``gives`` is the shape of its answer, whose status is ``status``; ``problems`` are the statuses of
    problem details, each with its shape if it is not ``Problem``. ``form`` is the schema of a body
    (multipart/form-data).
    """

    gives: type
    status: int
    query: Sequence[Parameter]
    problems: dict[int, type | None]
    form: dict[str, Any] | None


def described(
    gives: Any,
    *,
    query: Sequence[Parameter] = (),
    status: int = 200,
    problems: dict[int, Any] | None = None,
    form: dict[str, Any] | None = None,
) -> Callable[[View], View]:
    """Say of a view of the API what it takes and gives, for the description."""

    def beside(view: View) -> View:
        setattr(view, _DESCRIPTION, Described(gives, status, query, problems or {}, form))
        return view

    return beside


def description_of(view: Any) -> Described | None:
    """Return what a view says of itself, if it does."""
    found = getattr(view, _DESCRIPTION, None)
    return found if isinstance(found, Described) else None

"""How does a Python type become a JSON Schema (draft 2020-12)? Those that the shapes are made of do.

``Annotated`` may carry ``more`` keywords. A TypedDict becomes a schema of its own, named after it.
"""

from __future__ import annotations

import inspect
import types
from dataclasses import dataclass
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Keywords:
    """What JSON Schema says of a type beyond what Python does."""

    pairs: tuple[tuple[str, Any], ...]


def more(**keywords: Any) -> Keywords:
    """Return keywords to stand in ``Annotated``, where they must be hashable."""
    return Keywords(tuple(keywords.items()))


_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}


def schema_of(kind: Any, named: dict[str, Schema]) -> Schema:
    """Return the schema of a type; those of TypedDicts are added to ``named``, and referred to."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        pairs = [pair for given in arguments[1:] if isinstance(given, Keywords) for pair in given.pairs]
        return {**schema_of(arguments[0], named), **dict(pairs)}
    if kind in _PLAIN:
        return {"type": _PLAIN[kind]}
    if is_typeddict(kind):
        return _reference(kind, named)
    if origin is NotRequired:
        return schema_of(arguments[0], named)
    if origin is Literal:
        return {"type": "string", "enum": list(arguments)}
    if origin is list:
        return {"type": "array", "items": schema_of(arguments[0], named)}
    if origin is dict:
        return {"type": "object", "additionalProperties": schema_of(arguments[1], named)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [schema_of(one, named) for one in arguments]}
    raise TypeError(f"{kind} has no schema")


def _reference(shape: Any, named: dict[str, Schema]) -> Schema:
    name = shape.__name__
    if name not in named:
        named[name] = {}
        hints = get_type_hints(shape, include_extras=True)
        named[name].update(
            type="object",
            description=" ".join((inspect.getdoc(shape) or "").split()),
            properties={key: schema_of(kind, named) for key, kind in hints.items()},
            required=[key for key, kind in hints.items() if get_origin(kind) is not NotRequired],
            additionalProperties=False,
        )
    return {"$ref": f"#/components/schemas/{name}"}

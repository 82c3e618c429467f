"""What is the API, all in all? One OpenAPI document (https://spec.openapis.org/oas/v3.1.1) of the routes.

Routes, parameters in paths and methods come from the application; what a view takes and gives from what
stands beside it, its words from its docstring.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

import kb
from webapp.errors import API
from webapp.openapi.described import Described, Parameter, description_of
from webapp.openapi.schema import Schema, schema_of
from webapp.openapi.shapes import Problem

# What any request may meet: a host name that is not answered to, a fault of ours, no index that can answer.
_ALWAYS = (400, 500, 503)
# Every change carries a token of the session whose cookie comes with it.
_TOKEN = {"name": "X-CSRFToken", "in": "header", "required": True, "schema": {"type": "string"}}
_ANSWERED = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one route, as it is described."""

    id: str
    method: str
    rule: Rule
    summary: str
    description: str
    described: Described

    @property
    def path(self) -> str:
        """Return the path as OpenAPI writes it."""
        return self.rule.rule.replace("<", "{").replace(">", "}")

    @property
    def parameters(self) -> list[tuple[str, Parameter]]:
        """Return all parameters, each with where it stands: ``path`` or ``query``."""
        in_path = [("path", Parameter(name, "", required=True)) for name in sorted(self.rule.arguments)]
        return in_path + [("query", parameter) for parameter in self.described.query]

    @property
    def problems(self) -> dict[int, type]:
        """Return the statuses of problem details, each with its shape, in order."""
        given = {**dict.fromkeys(_ALWAYS), **self.described.problems}
        return {status: given[status] or Problem for status in sorted(given)}


def operations(app: Flask) -> list[Operation]:
    """Return the operations of the API in order of their paths."""
    return sorted(_operations(app), key=lambda one: (one.path, one.method))


def undescribed(app: Flask) -> list[str]:
    """Return the routes of the API whose views say nothing of themselves."""
    return [rule.rule for rule in _rules(app) if description_of(app.view_functions[rule.endpoint]) is None]


def document(app: Flask) -> dict[str, Any]:
    """Return the description."""
    named: dict[str, Schema] = {}
    paths: dict[str, dict[str, Any]] = {}
    for one in operations(app):
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, named)
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "kb",
            "version": kb.__version__,
            "summary": "Ranked passages of your own documents, each with its proof",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": paths,
        "components": {"schemas": named},
    }


def _rules(app: Flask) -> Iterator[Rule]:
    return (rule for rule in app.url_map.iter_rules() if rule.rule.startswith(f"{API}v1/"))


def _operations(app: Flask) -> Iterator[Operation]:
    for rule in _rules(app):
        view = app.view_functions[rule.endpoint]
        described = description_of(view)
        summary, _, more = (inspect.getdoc(view) or "").partition("\n\n")
        for method in sorted((rule.methods or set()) & set(_ANSWERED)):
            if described is not None:
                name = rule.endpoint.rpartition(".")[2]
                words = (" ".join(summary.split()), " ".join(more.split()))
                yield Operation(name, method, rule, *words, described)


def _operation(one: Operation, named: dict[str, Schema]) -> dict[str, Any]:
    described = one.described
    responses = {}
    responses[str(described.status)] = _response("application/json", described.gives, described.status, named)
    for status, shape in one.problems.items():
        responses[str(status)] = _response("application/problem+json", shape, status, named)
    made: dict[str, Any] = {"operationId": one.id, "summary": one.summary}
    if one.description:
        made["description"] = one.description
    if one.parameters:
        made["parameters"] = [_parameter(place, each) for place, each in one.parameters]
    if one.method != "GET":
        made.setdefault("parameters", []).append(_TOKEN)
    if described.form is not None:
        content = {"multipart/form-data": {"schema": described.form}}
        made["requestBody"] = {"required": True, "content": content}
    return {**made, "responses": responses}


def _response(media_type: str, shape: type, status: int, named: dict[str, Schema]) -> dict[str, Any]:
    content = {media_type: {"schema": schema_of(shape, named)}}
    return {"description": HTTPStatus(status).phrase, "content": content}


def _parameter(place: str, one: Parameter) -> dict[str, Any]:
    schema = {"type": "array", "items": one.schema} if one.several else one.schema
    made = {"name": one.name, "in": place, "required": one.required, "schema": schema}
    return {**made, "description": one.description} if one.description else made

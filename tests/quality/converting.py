"""How long do other converters take for the same files? Runs in a Python of their own, which has them.

PYTHON tests/quality/converting.py < FILES

FILES is a JSON object: for each kind of files the paths of them. For each converter that is installed there
(markitdown, docling, unstructured), each kind is converted in one process after a first file that does not
count; printed is a JSON object: converter → kind → seconds, and how many files it failed at.
"""

from __future__ import annotations

import importlib.metadata
import json
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import redirect_stdout, suppress
from pathlib import Path

Convert = Callable[[str], object]


def markitdown() -> Convert:
    """Return markitdown's conversion."""
    from markitdown import MarkItDown  # noqa: PLC0415  # in its own Python only

    return MarkItDown().convert


def docling() -> Convert:
    """Return docling's conversion of Word documents and web pages; its converter of PDFs takes PyTorch."""
    from docling.backend.html_backend import HTMLDocumentBackend  # noqa: PLC0415
    from docling.backend.msword_backend import MsWordDocumentBackend  # noqa: PLC0415
    from docling.datamodel.base_models import InputFormat  # noqa: PLC0415
    from docling.datamodel.document import InputDocument  # noqa: PLC0415

    ways = {
        ".docx": (InputFormat.DOCX, MsWordDocumentBackend),
        ".html": (InputFormat.HTML, HTMLDocumentBackend),
    }

    def convert(path: str) -> object:
        kind, backend = ways[Path(path).suffix]
        opened = InputDocument(path_or_stream=Path(path), format=kind, backend=backend)
        return opened._backend.convert().export_to_markdown()

    return convert


def unstructured() -> Convert:
    """Return unstructured's partition."""
    from unstructured.partition.auto import partition  # noqa: PLC0415

    return lambda path: partition(filename=path)


CONVERTERS = {"markitdown": markitdown, "docling-slim": docling, "unstructured": unstructured}


def measured(convert: Convert, paths: list[str]) -> tuple[float, int]:
    """Return the seconds that the files take, and at how many the converter fails."""
    with suppress(Exception):
        convert(paths[0])
    began, failed = time.perf_counter(), 0
    for path in paths:
        try:
            convert(path)
        except Exception:  # noqa: BLE001  # whatever another library raises for a bad file
            failed += 1
    return time.perf_counter() - began, failed


def main() -> None:
    """Measure all converters that are installed, and print the result."""
    warnings.simplefilter("ignore")
    files: dict[str, list[str]] = json.load(sys.stdin)
    found: dict[str, dict[str, tuple[float, int]]] = {}
    for name, make in CONVERTERS.items():
        with suppress(importlib.metadata.PackageNotFoundError, ImportError):
            called = f"{name} {importlib.metadata.version(name)}"
            # What converters print is not part of the answer.
            with redirect_stdout(sys.stderr):
                convert = make()
                found[called] = {kind: measured(convert, paths) for kind, paths in files.items()}
    print(json.dumps(found))


if __name__ == "__main__":
    main()

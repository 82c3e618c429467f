"""What does it look like? Pictures of the pages on the sample library, for the documents and for a look.

python -m tests.functional.screenshots [FOLDER]           default: docs/images
python -m tests.functional.screenshots --every FOLDER

With --every: each page and state as a phone, a tablet, a desk and on paper, by day and by night, in both
languages.
"""

from __future__ import annotations

import itertools
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.functional.browsing import launched, served
from tests.functional.conftest import filled_shelf
from tests.functional.test_accessibility import addresses
from tests.library import services_at, take_in

ROOT = Path(__file__).parent.parent.parent
WIDTH, PHONE_WIDTH = 1100, 390

# Name of the picture, address, width, height, dark.
PICTURES = (
    ("search", "/search?q=what+number+do+I+call+to+report+trafficking", WIDTH, 820, False),
    ("search-phone", "/search?q=señales+de+alerta&ui=es", PHONE_WIDTH, 844, True),
    ("documents", "/documents?ui=en", WIDTH, 820, False),
)


def take(page: Page, base: str, folder: Path) -> None:
    """Take every picture."""
    for name, address, width, height, dark in PICTURES:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="dark" if dark else "light")
        page.goto(base + address)
        page.screenshot(path=folder / f"{name}.png")


def take_every(browser: Browser, base: str, folder: Path, *, paths: Sequence[str]) -> None:
    """Take every page in every look, and print it; names begin with where it stands among ``paths``."""
    for width, dark, locale in itertools.product((PHONE_WIDTH, 768, 1280), (False, True), ("en-US", "es-MX")):
        look = f"{width}-{'dark' if dark else 'light'}-{locale[:2]}"
        context = browser.new_context(
            viewport={"width": width, "height": 844}, color_scheme="dark" if dark else "light", locale=locale
        )
        page = context.new_page()
        for number, path in enumerate(paths, start=1):
            name = f"{number:02}-{re.sub(r'[^a-z]+', '-', path.lower()).strip('-')[:40]}"
            page.goto(base + path)
            page.screenshot(path=folder / f"{name}-{look}.png", full_page=True)
            if width == 1280 and not dark:
                page.pdf(path=folder / f"{name}-{locale[:2]}.pdf", format="Letter")
        context.close()


def main() -> None:
    """Serve a library on a free port and take the pictures."""
    arguments = sys.argv[1:]
    every = arguments[:1] == ["--every"]
    rest = arguments[1:] if every else arguments
    folder = Path(rest[0]) if rest else ROOT / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    if every:
        with tempfile.TemporaryDirectory() as home, filled_shelf(Path(home)) as shelf, launched() as browser:
            take_every(browser, shelf.address, folder, paths=addresses(shelf))
        return
    with tempfile.TemporaryDirectory() as home:
        services = services_at(Path(home))
        take_in(services, ROOT / "sample")
        with served(services) as address, launched() as browser:
            take(browser.new_page(), address, folder)
        services.close()


if __name__ == "__main__":
    main()

"""What does it look like? Pictures of the pages on the sample library, for the documents and for a look.

python -m tests.functional.screenshots [FOLDER]     default: docs/images
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page

from tests.functional.browsing import launched, served
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


def main() -> None:
    """Serve the sample library on a free port and take the pictures."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        services = services_at(Path(home))
        take_in(services, ROOT / "sample")
        with served(services) as address, launched() as browser:
            take(browser.new_page(), address, folder)
        services.close()


if __name__ == "__main__":
    main()

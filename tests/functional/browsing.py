"""How do tests and pictures come to a served library and a browser? One way for all of them."""

import base64
import gettext
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import waitress
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, sync_playwright
from waitress import wasyncore

import webapp
from webapp import create_app
from webapp.wiring import Services

CHROMIUM = "/usr/bin/chromium"
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1200, "height": 800}
# Each way in each kind of window: between them, both languages with and without scripts.
WAYS = {
    "desk": {"viewport": DESK},
    "phone in Spanish": {"viewport": PHONE, "locale": "es-MX"},
    "desk in Spanish without scripts": {"viewport": DESK, "locale": "es-MX", "java_script_enabled": False},
    "phone without scripts": {"viewport": PHONE, "java_script_enabled": False},
}
_SPANISH = Path(webapp.__file__).parent / "translations" / "es" / "LC_MESSAGES" / "messages.mo"


@contextmanager
def served(services: Services) -> Iterator[str]:
    """Serve the pages of a library on a free port; yield the address."""
    server = waitress.create_server(create_app(services), host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.task_dispatcher.shutdown()
        # In the thread that waits for requests: a socket closed under its feet would be an error there.
        server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map))
        thread.join(10)


@contextmanager
def launched() -> Iterator[Browser]:
    """Yield a browser. Playwright runs once at a time in a process."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@dataclass
class Visit:
    """A browser window, and what it had to say: errors, dialogs, addresses elsewhere."""

    context: BrowserContext
    address: str
    page: Page = field(init=False)
    trouble: list[str] = field(default_factory=list)
    has_scripts: bool = True
    is_phone: bool = False
    expected: str = "no such words"  # a refusal that a test provokes; the window may speak of it at any time

    def __post_init__(self) -> None:
        self.page = self.context.new_page()
        self.page.on("console", lambda message: self.trouble.append(message.text))
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.page.on("dialog", self.dismiss)
        self.page.on("request", lambda request: self.notice(request.url))

    def surprises(self) -> list[str]:
        return [said for said in self.trouble if self.expected not in said]

    def dismiss(self, dialog: Dialog) -> None:
        self.trouble.append(dialog.message)
        dialog.dismiss()

    def notice(self, url: str) -> None:
        if not url.startswith(self.address):
            self.trouble.append(url)

    def goto(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page


def said(page: Page, text: str, /, **values: object) -> str:
    """Return what the page at hand says for a text of the templates, in its own language."""
    if page.locator("html").get_attribute("lang") == "es":
        with _SPANISH.open("rb") as file:
            text = gettext.GNUTranslations(file).gettext(text)
    return text % values if values else text


def sideways(page: Page) -> int:
    """Return by how many pixels a page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def drop(page: Page, files: dict[str, bytes], *, folder: str = "") -> None:
    """Drop files onto a page as from outside the browser: by themselves, or in a folder of this name."""
    given = [[name, base64.b64encode(content).decode()] for name, content in files.items()]
    page.evaluate(_DROP, [given, folder])


# What browsers give is a DataTransfer; a script may fill one with files, but not with folders.
_DROP = """([given, folder]) => {
    const files = given.map(([name, content]) =>
        new File([Uint8Array.from(atob(content), (char) => char.charCodeAt(0))], name));
    const dataTransfer = new DataTransfer();
    const event = new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer });
    if (folder) {
        const leaf = (file) => ({ isFile: true, name: file.name, file: (got) => got(file) });
        // Browsers hand out what a folder holds in several batches, and an empty one at the end.
        const batches = [...files.map((file) => [leaf(file)]), []];
        const entry = { isDirectory: true, name: folder,
                        createReader: () => ({ readEntries: (got) => got(batches.shift()) }) };
        const items = [{ webkitGetAsEntry: () => entry }];
        Object.defineProperty(event, "dataTransfer", { value: { types: ["Files"], files: [], items } });
    } else {
        for (const file of files) event.dataTransfer.items.add(file);
    }
    document.querySelector("main").dispatchEvent(event);
}"""

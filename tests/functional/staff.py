"""Who is watched at work? In both languages, at the desk and on the phone, with and without scripts.

Each of the four people differs from any other in two of these, so that every pair of them is met.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from babel.support import NullTranslations, Translations
from playwright.sync_api import Browser, BrowserContext, Page, expect

import webapp
from tests.waiting import wait_until
from webapp.wiring import Services
from webapp.work.worker import Worker

WITHIN = 60_000.0
"""Milliseconds: machines that run the tests may be busy; what is expected comes, but not always soon."""
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
PEOPLE = {
    "English desk": ("en", {"viewport": DESK}),
    "Spanish desk without scripts": ("es", {"viewport": DESK, "java_script_enabled": False}),
    "English phone without scripts": ("en", {"viewport": PHONE, "java_script_enabled": False}),
    "Spanish phone": ("es", {"viewport": PHONE, "has_touch": True}),
}
everybody = pytest.mark.parametrize("person", list(PEOPLE), indirect=True)
with_scripts = pytest.mark.parametrize("person", ["English desk", "Spanish phone"], indirect=True)
_TRANSLATIONS = Path(webapp.__file__).parent / "translations"


@dataclass
class Person:
    """Somebody at a page of the library; ``trouble`` is what the browser complained of."""

    context: BrowserContext
    language: str
    scripts: bool
    trouble: list[str] = field(default_factory=list)
    expected: str = "no such words"
    page: Page = field(init=False)

    def __post_init__(self) -> None:
        self.context.set_default_timeout(WITHIN)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.page.on("console", lambda message: self.trouble.append(message.text))
        self.page.on("dialog", lambda dialog: (self.trouble.append(dialog.message), dialog.dismiss()))
        self._words: NullTranslations = (
            Translations.load(_TRANSLATIONS, ["es"]) if self.language == "es" else NullTranslations()
        )

    def say(self, words: str, **places: object) -> str:
        """Return words of the pages in the language of this person."""
        said = self._words.gettext(words)
        return said % places if places else said

    def goto(self, address: str) -> Page:
        self.page.goto(address)
        return self.page

    def press(self, name: str, **places: object) -> None:
        """Click a button by its English name."""
        self.page.get_by_role("button", name=self.say(name, **places), exact=True).click()

    def follow(self, name: str) -> None:
        """Click a link by its English name."""
        self.page.get_by_role("link", name=self.say(name), exact=True).first.click()

    def sees(self, words: str, **places: object) -> None:
        """Wait until some words stand on the page."""
        expect(self.page.locator("main")).to_contain_text(self.say(words, **places), timeout=WITHIN)

    def finds(self, question: str, words: str) -> None:
        """Ask until an answer has these words: what was read is indexed soon after."""

        def found() -> bool:
            self.goto(f"/search?q={question}")
            return any(words in text for text in self.page.locator(".hit").all_inner_texts())

        self.waits_until(found)

    def waits_until(self, condition: Callable[[], bool]) -> None:
        """Look, load the page again and look, until a condition holds."""
        wait_until(condition, f"what is waited for at {self.page.url}")


@contextmanager
def at(browser: Browser, address: str, who: str) -> Iterator[Person]:
    """Yield a person at a library that is served; at the end there must have been no trouble."""
    language, options = PEOPLE[who]
    locale = {"en": "en-US", "es": "es-MX"}[language]
    context = browser.new_context(base_url=address, locale=locale, **options)  # type: ignore[arg-type]
    person = Person(context, language, options.get("java_script_enabled") is not False)
    yield person
    context.close()
    assert [said for said in person.trouble if person.expected not in said] == []


@contextmanager
def worked_on(services: Services) -> Iterator[None]:
    """Have a worker at a library meanwhile."""
    worker = Worker(services)
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join(60)

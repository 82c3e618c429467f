"""Can everyone use every page and state? axe-core looks for what breaks WCAG 2.2, levels A and AA."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.functional.conftest import Shelf

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
# axe leaves this one out unless it is asked: WCAG 2.2, 2.5.8, targets of at least 24 pixels.
RULES["rules"] = {"target-size": {"enabled": True}}
LOOKS = {
    "desk light English": {"viewport": {"width": 1280, "height": 800}, "locale": "en-US"},
    # WCAG 2.2, 1.4.10: 320 pixels are a desk's 1280 at 400 %.
    "phone dark Spanish": {
        "viewport": {"width": 320, "height": 740}, "locale": "es-MX", "color_scheme": "dark",
    },
}  # fmt: skip


def addresses(shelf: Shelf) -> list[str]:
    visits, pdf = shelf.sources["visits.md"].id, shelf.sources["notes.pdf"].id
    failed, hostile = shelf.sources["empty.txt"].id, shelf.sources["hostile.html"].id
    printed = shelf.printed
    return [
        "/",
        "/search?q=",
        "/search?q=places+for+the+ambulance",
        "/search?q=xylophone",
        "/search?q=unicorn",
        f"/documents/{visits}",
        f"/documents/{visits}?find=places",
        f"/documents/{pdf}?passage={printed.id}&q=supervisor+signs+notes",
        f"/documents/{pdf}/pages/{printed.first_page}?passage={printed.id}",
        f"/documents/{failed}",
        f"/documents/{hostile}",
        f"/documents/{visits}/versions",
        "/documents",
        f"/p/{shelf.changed.id}",
        f"/p/{shelf.removed.id}",
        f"/p/{printed.id}/cite",
        "/p/000000000000",
        "/nowhere",
        f"/p/{printed.id}/similar",
        f"/p/{printed.id}/beside/{shelf.changed.id}",
        f"/documents/{visits}?q=relatives+ambulance",
        "/search?q=%22places+behind%22&collection=policies&sort=newest&since=2020-01-01",
        "/search?q=places&page=9",
        "/search?q=%22no+such+words%22+ambulance",
        f"/mark?q=ambulance&passage={printed.id}",
        "/documents?state=failed",
        "/api/docs",
        "/admin/questions",
        "/admin/",
        "/admin/upload",
        f"/admin/documents/{visits}",
    ]


@pytest.mark.parametrize("look", LOOKS)
def test_no_page_breaks_a_rule_or_is_wider_than_its_window(
    chromium: Browser, shelf: Shelf, look: str
) -> None:
    context = chromium.new_context(**LOOKS[look])
    context.set_default_timeout(60_000)
    page = context.new_page()
    broken = []
    for address in addresses(shelf):
        page.goto(shelf.address + address)
        found = Axe().run(page, options=RULES).response["violations"]
        broken += [
            f"{address}: {one['id']}: {node['target']} {node['failureSummary'][:200]}"
            for one in found
            for node in one["nodes"][:3]
        ]
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        broken += [f"{address}: {wider} pixels wider"] if wider > 0 else []
    context.close()
    assert broken == []


def test_the_dialog_of_keys_breaks_no_rule_and_gives_the_focus_back(chromium: Browser, shelf: Shelf) -> None:
    context = chromium.new_context(locale="en-US")
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(shelf.address + "/")
    page.get_by_role("button", name="Keys").click()
    dialog = page.get_by_role("dialog", name="Keys on these pages")
    dialog.wait_for()
    assert Axe().run(page, options=RULES).response["violations"] == []
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    assert page.evaluate("document.activeElement.id") == "open-keys"
    context.close()

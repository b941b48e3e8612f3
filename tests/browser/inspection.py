"""What must hold of every page, whoever looks at it: asked of a real browser, answered in sentences."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
PHONE, DESKTOP = 360, 1280
NARROWEST = 320
SMALLEST_TARGET = 44

# Links within text are as high as their line; everything else is to be hit with a finger. A control counts with its
# label, and one that is laid under something else (a radio button under its option) with what is hit instead.
_SMALL_TARGETS = """(smallest) => {
    const small = [];
    const selector = "a[href], button, summary, select, textarea, input:not([type=hidden])";
    for (const element of document.querySelectorAll(selector)) {
        const style = getComputedStyle(element);
        const shown = element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
        const away = element.closest(".visually-hidden, .skip-link");
        if (!shown || away || (element.matches("a") && style.display === "inline")) continue;
        const targets = [element, ...(element.labels ?? [])].map((each) => each.getBoundingClientRect());
        if (targets.every((box) => box.width === 0)) continue;
        if (!targets.some((box) => box.height >= smallest - 0.5 && box.width >= smallest - 0.5)) {
            const { width, height } = targets[0];
            small.push(`${element.outerHTML.slice(0, 120)} ${Math.round(width)} × ${Math.round(height)}`);
        }
    }
    return small;
}"""

_UNLABELLED = """() => [...document.querySelectorAll("select, textarea, input:not([type=hidden])")]
    .filter((field) => !field.labels.length && !field.ariaLabel && !field.getAttribute("aria-labelledby"))
    .map((field) => field.outerHTML.slice(0, 120))"""

_WITHOUT_LEGEND = """() => [...document.querySelectorAll("fieldset")]
    .filter((group) => group.querySelector("input[type=radio]") && !group.querySelector("legend"))
    .map((group) => group.outerHTML.slice(0, 120))"""


def faults_of(page: Page, *, is_ours: bool = True) -> list[str]:
    """What is wrong with the page that is open, at every width; empty when nothing is.

    Pages whose markup is a library's (the admin, a tool for a desk) are held to WCAG, not to what we
    ask beyond it.
    """
    found = []
    if is_ours:
        found += [f"no label: {field}" for field in page.evaluate(_UNLABELLED)]
        found += [f"no legend: {group}" for group in page.evaluate(_WITHOUT_LEGEND)]
    for width in (NARROWEST, PHONE, DESKTOP):
        page.set_viewport_size({"width": width, "height": 800})
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if overflow > 0 and is_ours:
            found.append(f"scrolls sideways at {width} px by {overflow} px")
        if width == PHONE and is_ours:
            small = page.evaluate(_SMALL_TARGETS, SMALLEST_TARGET)
            found += [f"small target: {target}" for target in small]
        if width == DESKTOP or (width == PHONE and is_ours):
            rules = [*WCAG, "best-practice"] if is_ours else list(WCAG)
            found += [f"at {width} px, {fault}" for fault in _axe(page, rules)]
    return found


def _axe(page: Page, rules: list[str]) -> list[str]:
    result = Axe().run(page, options={"runOnly": rules, "preload": False})
    return [
        f"{violation['id']}: {node['html'][:160]} {node.get('failureSummary', '')}"
        for violation in result.response["violations"]
        for node in violation["nodes"][:3]
    ]

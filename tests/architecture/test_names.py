"""Names agree: URL name = view function = template stem = test file (docs/architecture.md)."""

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.source import PACKAGES, ROOT, Function, functions
from tests.architecture.test_access import walk

# Views of ours at addresses that a library asks for by its own name.
NAMED_BY_LIBRARIES = {
    "account_logout": "sign_out",
    "account_reauthenticate": "reauthenticate",
    "account_reset_password": "password_forgotten",
}

# Second pages of a view: what is about to happen, shown before it does.
SECOND_PAGES = {
    "account/password_reset.html": "password_forgotten",
    "accounts/without_password.html": "reauthenticate",
    "assessments/cycle_confirm.html": "cycle_open",
}


@dataclass(frozen=True)
class View:
    """A view of ours at its address. `folder` is where its page belongs: the namespace, if any."""

    url_name: str
    route: str
    folder: str
    path: Path
    node: Function

    @property
    def name(self) -> str:
        """The name of the function."""
        return self.node.name


def our_views() -> Iterator[View]:
    """Every addressed view of ours."""
    for route, pattern, namespaces in walk():
        view = inspect.unwrap(pattern.callback)
        if view.__module__.split(".")[0] in PACKAGES:
            path = Path(inspect.getsourcefile(view)).relative_to(ROOT)
            node = next(node for node in functions(path) if node.name == view.__name__)
            folder = "".join(f"{name}/" for name in namespaces)
            yield View(pattern.name, route, folder, path, node)


def pages_of(node: ast.AST) -> set[str]:
    """Whole pages that a view names; a fragment of a page starts with an underscore."""
    names = {
        constant.value
        for constant in ast.walk(node)
        if isinstance(constant, ast.Constant) and str(constant.value).endswith(".html")
    }
    return {name for name in names if not Path(name).name.startswith("_")}


def test_url_names_are_the_names_of_their_views():
    """Remedy: rename one of them."""
    differing = [
        f"{view.path}: {view.name} is {view.url_name}"
        for view in our_views()
        if view.name != NAMED_BY_LIBRARIES.get(view.url_name, view.url_name)
    ]
    assert differing == [], "\n".join(differing)


def test_pages_are_named_after_their_views():
    """Remedy: name the template `<app>/<view>.html`."""
    differing = [
        f"{view.path}: {view.name} renders {page}"
        for view in our_views()
        for page in pages_of(view.node)
        if page != f"{view.folder}{view.name}.html" and SECOND_PAGES.get(page) != view.name
    ]
    assert differing == [], "\n".join(differing)


def test_every_view_has_its_test():
    """Remedy: `tests/<app>/views/test_<view>.py`, beside the others of its module, or a test by its address."""
    files = [
        path for path in (ROOT / "tests").rglob("test_*.py") if path.parent.name != "architecture"
    ]
    names = {(path.relative_to(ROOT / "tests").parts[0], path.name) for path in files}
    asked = "".join(path.read_text(encoding="utf-8") for path in files)
    untested = [
        f"{view.path}: {view.name}"
        for view in our_views()
        if f'"{view.folder.replace("/", ":")}{view.url_name}"' not in asked
        and f'"/{view.route}"' not in asked
        and not names
        & {(view.path.parts[0], f"test_{stem}.py") for stem in (view.name, view.path.stem)}
    ]
    assert untested == [], "\n".join(untested)

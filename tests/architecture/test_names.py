"""Names agree: URL name = view function = template stem = test file (docs/architecture.md)."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import PACKAGES, ROOT, functions
from tests.architecture.test_access import walk

# Pages of the wiring package have no app in their template's path.
FOLDER = {"prima_portal": ""}


def our_views() -> Iterator[tuple[str, ast.AST, Path]]:
    """URL name, function and module of every addressed view of ours."""
    for _route, pattern, _namespaces in walk():
        view = inspect.unwrap(pattern.callback)
        app = view.__module__.split(".")[0]
        if app in PACKAGES:
            path = Path(inspect.getsourcefile(view)).relative_to(ROOT)
            yield pattern.name, next(f for f in functions(path) if f.name == view.__name__), path


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
        f"{path}: {node.name} is {name}" for name, node, path in our_views() if name != node.name
    ]
    assert differing == [], "\n".join(differing)


def test_pages_are_named_after_their_views():
    """Remedy: name the template `<app>/<view>.html`."""
    differing = [
        f"{path}: {name} renders {page}"
        for name, node, path in our_views()
        for page in pages_of(node)
        if page != f"{FOLDER.get(path.parts[0], path.parts[0] + '/')}{name}.html"
    ]
    assert differing == [], "\n".join(differing)


def test_every_view_has_its_test_file():
    """Remedy: test it in `tests/<app>/views/test_<view>.py`, or beside the others of its module."""
    files = {path.relative_to(ROOT / "tests") for path in (ROOT / "tests").rglob("test_*.py")}
    tested = {(file.parts[0], file.name) for file in files}
    untested = sorted(
        f"{path.parts[0]}: {name}"
        for name, _node, path in our_views()
        if not tested & {(path.parts[0], f"test_{stem}.py") for stem in (name, path.stem)}
    )
    assert untested == [], "\n".join(untested)

"""Our own source as the guards read it: files, syntax trees, functions, templates."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings

ROOT: Path = settings.BASE_DIR
PACKAGES = (
    "accounts",
    "assessments",
    "audit",
    "dashboards",
    "exchange",
    "organization",
    "pillars",
    "prima_portal",
)
TEMPLATES = ROOT / "templates"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def modules() -> tuple[Path, ...]:
    """Every module of our packages, relative to the checkout; what makemigrations wrote is left out."""
    found = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return tuple(sorted(path.relative_to(ROOT) for path in found if "migrations" not in path.parts))


@cache
def text_of(path: Path) -> str:
    """The text of a file of the checkout."""
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(text_of(path), filename=str(path))


def functions(path: Path) -> Iterator[Function]:
    """Every function and method of a module, inner ones included."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, Function):
            yield node


def length_of(node: Function) -> int:
    """Lines of a function with its docstring, without its decorators."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def is_layer(path: Path, name: str) -> bool:
    """Whether a module belongs to a layer of its app: `views.py` or anything in `views/`."""
    return path.parts[0] in PACKAGES and Path(path.parts[1]).stem == name


def dotted(node: ast.expr) -> str:
    """A name or a chain of attributes as it is written: `Assessment.objects.filter`."""
    match node:
        case ast.Name():
            return node.id
        case ast.Attribute():
            return f"{dotted(node.value)}.{node.attr}"
        case ast.Call():
            return f"{dotted(node.func)}()"
    return ""


@cache
def templates() -> tuple[Path, ...]:
    """Every template of ours, by the name it is asked for."""
    found = (path for path in TEMPLATES.rglob("*") if path.is_file())
    return tuple(sorted(path.relative_to(TEMPLATES) for path in found))


def template_text(name: Path) -> str:
    """The text of a template."""
    return text_of(Path("templates") / name)

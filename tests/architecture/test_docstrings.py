"""Every public name says what it is for; comments and docstrings give what the code cannot."""

import ast
from collections.abc import Iterator

from tests.architecture.source import Function, modules, text_of, tree_of

MODULE_DOCSTRING_LINES = 5
# What Django asks a subclass to fill in is explained by Django.
OF_DJANGO = {"Media", "Meta", "add_arguments", "clean", "handle", "ready", "save"}


def test_modules_say_what_belongs_in_them():
    """Remedy: one to five lines at the top: what belongs here, and what does not."""
    silent = [
        str(path)
        for path in modules()
        if text_of(path).strip()
        and not 0
        < len((ast.get_docstring(tree_of(path)) or "").splitlines())
        <= MODULE_DOCSTRING_LINES
    ]
    assert silent == [], "\n".join(silent)


def undocumented(body: list[ast.stmt], prefix: str = "") -> Iterator[str]:
    """Public functions, classes and methods without a docstring."""
    for node in body:
        if not isinstance(node, ast.ClassDef | Function) or node.name.startswith("_"):
            continue
        if not ast.get_docstring(node) and not (prefix and node.name in OF_DJANGO):
            yield f"{prefix}{node.name}"
        if isinstance(node, ast.ClassDef):
            yield from undocumented(node.body, f"{prefix}{node.name}.")


def test_public_names_are_documented():
    """Remedy: one line: what it is or does, units and ranges, the errors it raises."""
    silent = [f"{path}: {name}" for path in modules() for name in undocumented(tree_of(path).body)]
    assert silent == [], "\n".join(silent)

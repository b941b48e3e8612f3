"""Patterns are ours: nothing that somebody typed becomes one, in Python or in a lookup of the database."""

import ast

import pytest

from tests.architecture.source import modules, tree_of

# Our own mark, drawn at random for each page.
OURS = {"mark"}


@pytest.mark.parametrize("path", modules(), ids=str)
def test_every_pattern_is_written_down(path):
    typed = [
        node.lineno
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and _is_of_re(node.func) and not _is_written(node.args[0])
    ]
    lookups = [
        node.lineno
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.keyword)
        and str(node.arg).endswith(("__regex", "__iregex"))
        and not _is_written(node.value)
    ]
    assert (typed, lookups) == ([], [])


def _is_of_re(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
        and (function.value.id, function.attr != "escape") == ("re", True)
    )


def _is_written(pattern: ast.expr) -> bool:
    """As it stands, or put together of constants of the module alone."""
    names = {node.id for node in ast.walk(pattern) if isinstance(node, ast.Name)}
    return all(name.isupper() for name in names - OURS)

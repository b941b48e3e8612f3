"""Budgets for the tail: a median says little, the longest module and function say much."""

from tests.architecture.source import functions, is_layer, length_of, modules, text_of

MODULE_LINES = 400
FUNCTION_LINES = 50
VIEW_LINES = 40


def test_modules_fit_their_budget():
    """Remedy: make it a package and name its modules for what they hold."""
    lengths = {str(path): text_of(path).count("\n") for path in modules()}
    assert {path: lines for path, lines in lengths.items() if lines > MODULE_LINES} == {}


def test_functions_fit_their_budget():
    """Remedy: give a step of it a name. A view loads, calls one operation, and answers."""
    over = {
        f"{path}: {node.name}": length_of(node)
        for path in modules()
        for node in functions(path)
        if length_of(node) > (VIEW_LINES if is_layer(path, "views") else FUNCTION_LINES)
    }
    assert over == {}

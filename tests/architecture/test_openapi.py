"""The description of the interface in the repository is the one that the code gives."""

import json

from prima_portal.api import ROUTERS, document
from tests.architecture.source import ROOT

WAY = "/api/v1/"


def test_the_file_is_what_the_code_says():
    """Remedy: `make openapi`, and read the difference: other programs rely on it."""
    written = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
    assert written == document()


def test_every_function_is_named_as_its_address():
    """Remedy: `url_name` of the route is the name of the function, and each address has one method."""
    for router in ROUTERS:
        for route, view in router.path_operations.items():
            (operation,) = view.operations
            assert operation.url_name == operation.view_func.__name__, route


def test_every_answer_and_every_problem_is_described():
    """Remedy: give the route a `response`."""
    for route, methods in document()["paths"].items():
        assert route.startswith(WAY)
        for operation in methods.values():
            answers = operation["responses"]
            assert "application/json" in answers["200"]["content"], route
            assert {"401", "404", "422"} <= answers.keys(), route
            assert operation["security"], route

"""What the description promises holds for whatever is sent: schemathesis asks the real application, as several roles.

Examples are the same in every run. Every other one names an object of the world, since invented numbers name none.
"""

from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
import werkzeug
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.utils.crypto import get_random_string
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.security.asking import Portal
from tests.security.cast import ANONYMOUS, CURATOR
from tests.security.targets import targets

application = WSGIHandler()
schema = schemathesis.openapi.from_wsgi("/api/openapi.json", application)
ROLES = ("sari", CURATOR, ANONYMOUS)  # Sari fills in, and leads a unit
CHECKS = (status_code_conformance, content_type_conformance, response_schema_conformance)
KINDS = {"cycles": "cycle", "instruments": "instrument", "units": "figures"}


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Requests run in the transaction of the world, which a server would end between two of them."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def existing(portal: Portal, who: str, path: str, drawn: int) -> int:
    """An object that the address may name: the person's own where there is one."""
    part = path.split("/")[3]
    found = targets(portal.world, KINDS.get(part, "assessment"))
    own = [target for target in found if target.name == who] if part == "assessments" else []
    return (own or found)[drawn % len(own or found)].arguments["pk"]


@pytest.mark.parametrize("who", ROLES)
@schema.parametrize()
@hypothesis.settings(
    derandomize=True,
    max_examples=5,
    database=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)
def test_answers_are_as_described(case: Any, portal: Portal, who: str) -> None:
    drawn = case.path_parameters.get("pk")
    if isinstance(drawn, int) and drawn % 2 == 0:
        case.path_parameters["pk"] = existing(portal, who, case.path, drawn // 2)
        if "code" in case.path_parameters:
            case.path_parameters["code"] = "BET-01"
    token = get_random_string(32)
    # Assigned anew: examples are shared between the roles, and what is passed to a call is kept in them.
    case.headers = {"X-CSRFToken": token}
    case.cookies = {name: each.value for name, each in portal.be(who).cookies.items()}
    case.cookies[settings.CSRF_COOKIE_NAME] = token
    browser = werkzeug.Client(
        application
    )  # one for each request, so that no cookie of an answer is kept
    with transaction.atomic():
        response = case.call(session=browser)
        transaction.set_rollback(True)
    assert response.status_code < 500
    case.validate_response(response, checks=CHECKS)
    if who == ANONYMOUS:
        assert response.status_code in (401, 403, 404)

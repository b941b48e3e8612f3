"""Unforeseen failures, told to the Sentry server that `SENTRY_DSN` names: where in the code, never whose data."""

from typing import Any

import structlog
from django.core.exceptions import ImproperlyConfigured

from prima_portal import VERSION
from prima_portal.logs import stripped

TOLD_OF_A_REQUEST = ("method", "url")
"""Nothing that was sent: no body, no cookies, no headers."""


def tell_failures(dsn: str) -> None:
    """Tell that server from now on; without an address nothing is loaded.

    Raises ImproperlyConfigured for what is no address.
    """
    if not dsn:
        return
    # 10 MB a process, of which a portal without such a server has no use.
    import sentry_sdk  # noqa: PLC0415
    from sentry_sdk.integrations.celery import CeleryIntegration  # noqa: PLC0415
    from sentry_sdk.integrations.django import DjangoIntegration  # noqa: PLC0415
    from sentry_sdk.integrations.logging import LoggingIntegration  # noqa: PLC0415
    from sentry_sdk.utils import BadDsn, Dsn  # noqa: PLC0415

    try:
        Dsn(dsn)
    except BadDsn as error:
        raise ImproperlyConfigured(
            f"SENTRY_DSN: {error}; it looks like https://key@host/number"
        ) from error
    sentry_sdk.init(
        dsn=dsn,
        release=f"prima-portal@{VERSION}",
        before_send=without_people,
        # What is only logged was foreseen: a Redis that is away, a refusal. The log has it. Looking for whatever
        # else is installed would cost another 20 MB.
        auto_enabling_integrations=False,
        integrations=[
            DjangoIntegration(),
            CeleryIntegration(),
            LoggingIntegration(level=None, event_level=None),
        ],
        send_default_pii=False,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        shutdown_timeout=2,  # seconds that an ending process waits for a server that does not answer
    )


def without_people(event: Any, _hint: Any) -> Any:
    """Leave what an engineer needs: kind of failure, place in the code, page, id of the request.

    Of a message the first line alone: PostgreSQL puts the values of the row into the next ones.
    """
    event.pop("user", None)
    request = event.get("request", {})
    event["request"] = {name: request[name] for name in TOLD_OF_A_REQUEST if name in request}
    for failure in event.get("exception", {}).get("values", []):
        failure["value"] = (failure.get("value") or "").partition("\n")[0]
    context = structlog.contextvars.get_contextvars()
    event["tags"] = {
        "request_id": context.get("request_id", ""),
        "task_id": context.get("task_id", ""),
    }
    return _stripped(event)


def _stripped(value: Any) -> Any:
    if isinstance(value, str):
        return stripped(value)
    if isinstance(value, dict):
        return {name: _stripped(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_stripped(each) for each in value]
    return value

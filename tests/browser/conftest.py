"""A real Chromium against the portal on a real database: who is signed in, and what axe says."""

import os
import shutil
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import connections
from django.test import Client
from playwright.sync_api import BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import User

AXE_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
WIDTHS = (320, 360, 1280)


@pytest.fixture(scope="session", autouse=True)
def django_beside_playwright() -> None:
    """Playwright's loop runs in the thread of the test; the ORM is called between its steps only."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@pytest.fixture(scope="session", autouse=True)
def connections_end_with_requests() -> None:
    """The live server's threads keep no connection, or the test database could not be dropped."""
    connections.settings["default"]["CONN_MAX_AGE"] = 0


@pytest.fixture(scope="session")
def base_url() -> None:
    """Addresses come from `live_server`; the plugin's own fixture is one that pytest deprecates."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's chromium; root has no sandbox."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": chromium, "args": arguments}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A phone's language and the portal's time zone."""
    return {**browser_context_args, "locale": "id-ID", "timezone_id": settings.TIME_ZONE}


@pytest.fixture
def sign_in(live_server: LiveServer) -> Callable[[BrowserContext, User], None]:
    """Give a context the session of a person; the sign-in page has tests of its own."""

    def enter(context: BrowserContext, user: User) -> None:
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
        context.add_cookies([cookie])  # type: ignore[list-item]

    return enter


@pytest.fixture
def assert_fits_and_reads() -> Callable[[Page], None]:
    """At every width: no sideways scroll, targets of 44 px, and nothing that axe objects to."""

    def check(page: Page) -> None:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert overflow <= 0, f"{page.url} scrolls sideways at {width} px by {overflow} px"
        result = Axe().run(page, options={"runOnly": list(AXE_RULES)})
        assert result.violations_count == 0, result.generate_report()

    return check

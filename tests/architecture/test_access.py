"""Default deny: every address says who may call it."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from accounts.access import public
from accounts.middleware import LIBRARY_NAMESPACES, LIBRARY_RULES, rule_of

# What anybody may call, signed in or not. A name is added here by whoever reviewed why.
PUBLIC = {
    "password_by_link",  # the token is what opens it
    "account_inactive",
    "account_login",
    "account_reset_password",
    "account_reset_password_done",
    "leave_for_provider",  # signing in; there only where a provider is set
    "livez",
    "mfa_authenticate",  # between the two steps: nobody is signed in yet
    "metrics",  # asks for its own token, or an internal address
    "openapi",  # the same file lies in the repository
    "readyz",
    "return_from_provider",  # what comes with it is checked, and only then is anybody signed in
    "set_language",
    "start_over",  # between the two steps: nobody is signed in yet
    "styleguide",  # routed in development only
}


def walk(
    resolver: URLResolver | None = None, route: str = "", namespaces: tuple[str, ...] = ()
) -> Iterator[tuple[str, URLPattern, list[str]]]:
    """Every address with its pattern and its namespaces, outermost first."""
    for entry in (resolver or get_resolver()).url_patterns:
        here = route + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from walk(entry, here, inner)
        else:
            yield here, entry, list(namespaces)


def test_every_address_has_an_access_rule():
    """Remedy: decorate the view with `@access(…)`, or list a library's view in accounts.middleware."""
    unmapped = [
        route
        for route, pattern, namespaces in walk()
        if rule_of(pattern.callback, pattern.name, namespaces) is None
    ]
    assert unmapped == [], "\n".join(unmapped)


def test_public_addresses_are_those_reviewed():
    """Remedy: narrow the rule, or add the name to PUBLIC with the reason in the commit."""
    found = {
        pattern.name
        for _route, pattern, namespaces in walk()
        if rule_of(pattern.callback, pattern.name, namespaces) is public
    }
    assert found - PUBLIC == set()


def test_rules_of_libraries_are_for_addresses_that_exist():
    """Remedy: drop the name from accounts.middleware. A rule for nothing may come to mean something."""
    names = {pattern.name for _route, pattern, namespaces in walk() if not namespaces}
    assert LIBRARY_RULES.keys() - names == set()
    assert LIBRARY_NAMESPACES.keys() - {spaces[0] for _, _, spaces in walk() if spaces} == set()


def test_every_address_of_ours_has_a_name():
    """Remedy: name it; templates and tests ask by name."""
    unnamed = [
        route
        for route, pattern, _namespaces in walk()
        if hasattr(pattern.callback, "access_rule") and not pattern.name
    ]
    assert unnamed == [], "\n".join(unnamed)


def test_no_two_addresses_share_a_name():
    """Remedy: rename one; `reverse` would take the last silently."""
    ours = [
        ":".join([*namespaces, pattern.name or ""])
        for _route, pattern, namespaces in walk()
        if hasattr(pattern.callback, "access_rule")
    ]
    assert sorted({name for name in ours if ours.count(name) > 1}) == []

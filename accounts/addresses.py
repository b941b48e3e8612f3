"""Where a request comes from, by what our own proxies saw. The one answer for logs, limits and lists of devices.

And under which name its tries to sign in are counted.
"""

import ipaddress
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from accounts.validators import is_nip_shaped

UNREADABLE: Final = "#"
"""Begins a name of which only a digest is kept; no sign-in name does."""
SUBSCRIBER_BITS: Final = 64
"""Of an IPv6 address, what a single subscriber is given: the rest is theirs to change at each request."""


def address_of(request: HttpRequest) -> str:
    """What the outermost proxy of ours saw, nothing that a visitor can claim."""
    seen = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if 0 < settings.PROXY_COUNT <= len(seen) and seen[-settings.PROXY_COUNT]:
        return seen[-settings.PROXY_COUNT]
    return str(request.META.get("REMOTE_ADDR", ""))


def ip_of(request: HttpRequest) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The same as a number that can be stored; `::` for what is no address."""
    try:
        address = ipaddress.ip_address(address_of(request))
    except ValueError:
        return ipaddress.IPv6Address(0)
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def place_of(request: HttpRequest) -> str:
    """Where tries are counted: the address, of IPv6 the subscriber's network."""
    address = ip_of(request)
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(ipaddress.ip_network((address, SUBSCRIBER_BITS), strict=False).network_address)


def counted_name(typed: str) -> str:
    """Under which name tries are counted: a NIP as it is, anything else unreadable, since it may be a password."""
    if is_nip_shaped(typed):
        return typed
    return UNREADABLE + salted_hmac("counted_name", typed, algorithm="sha256").hexdigest()[:32]


def name_of(_request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The same for the library that counts."""
    return counted_name((credentials or {}).get("username") or "")

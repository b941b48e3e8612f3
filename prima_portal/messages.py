"""Messages that outlive one redirect, in a cookie that no other host of the domain can set."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookieStorage(CookieStorage):
    """Django's own under another name; a browser keeps `__Host-` cookies only of HTTPS."""

    cookie_name = "messages" if settings.DEVELOPMENT else "__Host-messages"


class MessageStorage(FallbackStorage):
    """What does not fit into the cookie goes into the session, as ever."""

    storage_classes = (HostCookieStorage, SessionStorage)

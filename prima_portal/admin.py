"""The operators' admin site."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class PortalAdminSite(admin.AdminSite):
    """Django's admin behind the portal's own sign-in; the access gate asks for an operator."""

    site_header = _("PRIMA: operator")
    site_title = _("PRIMA: operator")
    index_title = _("Pengelolaan")
    login_template = "account/login.html"

    def has_permission(self, request: HttpRequest) -> bool:
        """Active staff only."""
        return bool(request.user.is_active and getattr(request.user, "is_staff", False))

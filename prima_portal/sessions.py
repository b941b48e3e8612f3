"""Sessions in the database, read by a constant text: the ORM builds the query longer than PostgreSQL runs it."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import OperationalError, connection
from django.utils import timezone

_READ = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    """Django's own, rows and all, but for how one is read: at the beginning of every request."""

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing, and no key any more, where there is none or it is over."""
        with connection.cursor() as cursor:
            cursor.execute(_READ, [self.session_key, timezone.now()])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        content: dict[str, Any] = self.decode(row[0])
        return content

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002  Django's signature
        """Write it. Django takes every failure for a session that was ended elsewhere, and answers 400.

        Raises OperationalError where the database is away: then the request is answered "coba lagi".
        """
        try:
            super().save(must_create)
        except UpdateError as error:
            if isinstance(error.__context__, OperationalError):
                raise error.__context__ from None
            raise

    @classmethod
    def get_model_class(cls) -> Any:
        """The table of Django's own store, so that sessions outlive a change between them."""
        return db.SessionStore.get_model_class()

"""Django's sessions in the database; reading one, as every request does, goes by a statement written by hand."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import OperationalError, connection
from django.utils import timezone

_READ = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    """Django's own store on its own table. Two things differ: how a session is read, and what a failed write raises."""

    def load(self) -> dict[str, Any]:
        """The session's data. An unknown or expired session has none, and loses its key."""
        with connection.cursor() as cursor:
            cursor.execute(_READ, [self.session_key, timezone.now()])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        content: dict[str, Any] = self.decode(row[0])
        return content

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002  Django's signature
        """Write the session. Raises OperationalError where the database is away, which is answered "coba lagi".

        Django's own would raise UpdateError for it, as for a session that was ended elsewhere, and answer 400.
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

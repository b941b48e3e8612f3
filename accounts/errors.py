"""The base of every named refusal. Each app names its own beside the operation that raises it."""


class Refused(Exception):
    """An operation declined to act; nothing was changed.

    `str(error)` is shown to the person: it says in their language why, and what to do next.
    """

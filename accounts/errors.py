"""The base of every named refusal. Each app names its own in its `errors`."""


class Refused(Exception):
    """An operation declined to act; nothing was changed.

    `str(error)` is shown to the person: it says in their language why, and what to do next.
    """

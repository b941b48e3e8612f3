"""Password hashing with the portal's measured parameters."""

from concurrent.futures import ThreadPoolExecutor

from django.contrib.auth.hashers import Argon2PasswordHasher

_HASHING = ThreadPoolExecutor(max_workers=1, thread_name_prefix="hashing")


class PortalArgon2Hasher(Argon2PasswordHasher):
    """Argon2id at OWASP's minimum (19 MiB, 2 passes, 1 lane).

    Django's default (100 MiB, 8 lanes) costs three to five times the CPU, which on the last
    evening is spent on every sign-in. A process hashes one password at a time, in a thread of its own:
    a hash lets go of the interpreter, so several would take every core from people who fill in, and each
    thread that has hashed once keeps its 19 MiB.
    """

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """The hash, when its turn has come."""
        return _HASHING.submit(super().encode, password, salt).result()

    def verify(self, password: str, encoded: str) -> bool:
        """Whether it is the password, when its turn has come."""
        return _HASHING.submit(super().verify, password, encoded).result()

"""Password hashing with the portal's measured parameters."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PortalArgon2Hasher(Argon2PasswordHasher):
    """Argon2id at OWASP's minimum (19 MiB, 2 passes, 1 lane).

    Django's default (100 MiB, 8 lanes) costs three to five times the CPU, which on the last
    evening is spent on every sign-in.
    """

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1

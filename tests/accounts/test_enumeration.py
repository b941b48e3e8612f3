"""Signing in tells nobody which accounts exist: the same words, headers, statements and work for all of them."""

import re
from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import LinkPurpose
from accounts.hashers import PortalArgon2Hasher
from accounts.operations import invite, make_link
from tests.factories import PASSWORD, make_user

SIGN_IN = "/akun/masuk/"
NOBODY = "198609262015051999"
WRONG = "salah-salah-salah"
TRIES = 10
BY_REQUEST = {"X-Request-ID", "Set-Cookie", "Content-Length", "Expires"}


class CountingHasher(PortalArgon2Hasher):
    """The portal's own, counting how often it works."""

    worked: ClassVar[Counter[str]] = Counter()

    def encode(self, password: str, salt: str) -> str:
        self.worked["hash"] += 1
        return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        self.worked["hash"] += 1
        return super().verify(password, encoded)


def _with_password() -> str:
    return make_user("Gita", serial=11, password=PASSWORD).username


def _inactive() -> str:
    return make_user("Hadi", serial=12, password=PASSWORD, is_active=False).username


def _invited() -> str:
    person = make_user("Indah", serial=13, email="indah@contoh.invalid")
    invite(users=[person], by=person)
    make_link(user=person, purpose=LinkPurpose.INVITATION)
    return person.username


def _by_single_sign_on_alone() -> str:
    person = make_user("Joni", serial=14)
    person.set_unusable_password()
    person.save()
    return person.username


def _operator() -> str:
    return make_user("Opera", serial=15, password=PASSWORD, is_staff=True).username


ACCOUNTS: dict[str, Callable[[], str]] = {
    "a wrong password": _with_password,
    "switched off": _inactive,
    "invited": _invited,
    "by single sign-on alone": _by_single_sign_on_alone,
    "an operator": _operator,
}


class Told(NamedTuple):
    """All that whoever tries a password can notice, and what it cost."""

    status: int
    headers: dict[str, str]
    cookies: list[str]
    text: str
    statements: list[str]
    hashes: int


def tell(typed: str, password: str = WRONG, path: str = SIGN_IN, field: str = "login") -> Told:
    """Try once, in a browser of its own."""
    CountingHasher.worked.clear()
    browser = Client(REMOTE_ADDR="10.9.8.7")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = browser.post(path, {field: typed, "password": password})
    return Told(
        answer.status_code,
        {name: value for name, value in answer.items() if name not in BY_REQUEST},
        sorted(answer.cookies),
        _alike(answer.text, typed),
        [_shape(each["sql"]) for each in asked],
        CountingHasher.worked["hash"],
    )


def _alike(text: str, typed: str) -> str:
    text = re.sub(r'csrfmiddlewaretoken" value="\w+"|[0-9a-f]{8}-[0-9a-f-]{27}', "", text)
    return text.replace(typed, "NIP")


def _shape(sql: str) -> str:
    """A statement without its values, and without the number of its savepoint."""
    return re.sub(r"'(?:[^']|'')*'|\bs\d+_x\d+\b|\b\d+\b", "?", sql)


@pytest.fixture(autouse=True)
def _counted(settings: Any, db: None) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    tell("198609262015051998")  # what is read once a process


@pytest.mark.parametrize("kind", ACCOUNTS)
def test_a_try_reads_and_costs_the_same_as_with_an_unknown_nip(kind):
    known, unknown = tell(ACCOUNTS[kind]()), tell(NOBODY)
    assert known == unknown
    assert (unknown.status, unknown.hashes) == (200, 1)


@pytest.mark.parametrize("kind", ACCOUNTS)
def test_a_name_that_is_held_reads_and_costs_the_same_whether_there_is_one(kind):
    name = ACCOUNTS[kind]()
    for _ in range(TRIES):
        tell(name), tell(NOBODY)
    known, unknown = tell(name), tell(NOBODY)
    assert known == unknown
    # Nothing is hashed any more: whoever floods the portal with tries is not let work it.
    assert (unknown.status, unknown.hashes) == (429, 0)


def test_the_right_password_of_an_account_that_is_switched_off_costs_the_same():
    """Its owner alone is told; that is the one difference."""
    right, unknown = tell(_inactive(), PASSWORD), tell(NOBODY)
    assert (right.status, right.hashes) == (302, unknown.hashes)


@pytest.mark.parametrize("kind", ACCOUNTS)
def test_asking_for_a_link_hashes_nothing_and_reads_the_same(kind):
    path = "/akun/lupa-kata-sandi/"
    known = tell(ACCOUNTS[kind](), path=path, field="email")
    unknown = tell(NOBODY, path=path, field="email")
    assert known == unknown
    assert (unknown.status, unknown.hashes) == (303, 0)

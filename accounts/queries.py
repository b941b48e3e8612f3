"""Who is meant, what a link is worth, and whom a second factor is asked of."""

import datetime
import functools
import hashlib
import ipaddress
import operator
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.module_loading import import_string

from accounts.addresses import counted_name
from accounts.enums import MASS_MAIL, RANK_NAMES, Entry, LetterKind, LinkPurpose
from accounts.limits import SEEN
from accounts.models import Letter, PasswordLink, RoleGrant, User
from accounts.validators import normalize_nip

_ACCOUNT = (
    "username",
    "nip",
    "siasn_id",
    "name",
    "title_before",
    "title_after",
    "email",
    "employment_type",
    "legal_status",
    "rank",
    "language",
    "time_zone",
    "is_active",
    "is_staff",
    "is_superuser",
    "date_joined",
    "last_login",
)


_LEGAL_STATUSES = """
    WITH RECURSIVE known(status) AS (
        SELECT min(legal_status) FROM accounts_user
        UNION ALL
        SELECT (SELECT min(legal_status) FROM accounts_user WHERE legal_status > known.status)
        FROM known WHERE known.status IS NOT NULL
    )
    SELECT status FROM known WHERE status IS NOT NULL
"""


def legal_statuses() -> list[str]:
    """Every legal status that somebody has: a step along their index for each, however many people there are."""
    with connection.cursor() as cursor:
        cursor.execute(_LEGAL_STATUSES)
        return [status for (status,) in cursor.fetchall()]


def account_called(typed: str) -> User | None:
    """The account with this NIP, an earlier one too, or this sign-in name."""
    digits = normalize_nip(typed)
    found = User.objects.filter(username=digits if digits.isdigit() else typed).first()
    return found or User.objects.filter(former_nips__nip=digits).first()


def personal_data_of(user: User) -> dict[str, Any]:
    """Everything that accounts hold about the person, by the keys of docs/data.md; never a secret.

    Beside a stored code stands its `…_label`, in words.
    """
    grants = user.role_grants.select_related("granted_by").order_by("pk")
    return {
        "account": _account(user),
        "second_factor": _second_factor(user),
        "sessions": _own_sessions(user),
        "failed_sign_ins": _failed_sign_ins(user),
        "letters": _letters(user),
        "password_links": [
            {
                "purpose": link.purpose,
                "purpose_label": link.get_purpose_display(),
                "expires_at": link.expires_at,
            }
            for link in PasswordLink.objects.filter(user=user)
        ],
        "former_nips": list(user.former_nips.order_by("pk").values("nip", "replaced_at")),
        "roles": [
            {
                "role": grant.role,
                "role_label": grant.get_role_display(),
                "from": grant.valid.lower,
                "until": grant.valid.upper,
                "granted_by": str(grant.granted_by or ""),
                "reason": grant.reason,
            }
            for grant in grants
        ],
    }


def _account(user: User) -> dict[str, Any]:
    words = {
        "employment_type": user.get_employment_type_display(),
        "rank": RANK_NAMES.get(user.rank, ""),
        "language": dict(settings.LANGUAGES).get(user.language, ""),
        "time_zone": user.get_time_zone_display() if user.time_zone else "",
    }
    held = {name: getattr(user, name) for name in _ACCOUNT}
    return held | {f"{name}_label": str(text) for name, text in words.items() if text}


def _second_factor(user: User) -> dict[str, Any]:
    """That there is one, since when, and how many codes are left; never what it is."""
    held = {each.type: each for each in Authenticator.objects.filter(user=user)}
    app, codes = held.get("totp"), held.get("recovery_codes")
    return {
        "is_on": app is not None,
        "from": app.created_at if app else None,
        "last_used_at": app.last_used_at if app else None,
        "recovery_codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "recovery_codes_made_at": codes.created_at if codes else None,
        "recovery_codes_last_used_at": codes.last_used_at if codes else None,
    }


def _own_sessions(user: User) -> list[dict[str, Any]]:
    """Where the person is signed in; the key, which opens the session, is not told."""
    found = list(sessions_of(user))
    stored = Session.objects.in_bulk([each.session_key for each in found])
    return [
        {
            "program": _first(_PROGRAMS, each.user_agent),
            "system": _first(_SYSTEMS, each.user_agent),
            "ip": each.ip,
            "user_agent": each.user_agent,
            "from": each.created_at,
            "last_used_at": _last_used(each, stored.get(each.session_key)),
        }
        for each in found
    ]


def _last_used(listed: UserSession, session: Session | None) -> datetime.datetime:
    seen = session.get_decoded().get(SEEN) if session else None
    if seen is None:
        return listed.last_seen_at
    return datetime.datetime.fromtimestamp(seen, tz=datetime.UTC)


def _failed_sign_ins(user: User) -> list[dict[str, Any]]:
    """Who tried is not known; it may have been somebody else, so from where stays with the operators."""
    counted = {counted_name(name) for name in (user.username, user.nip, user.email) if name}
    tried = AccessAttempt.objects.filter(username__in=counted).order_by("attempt_time", "pk")
    return [{"at": each.attempt_time, "times": each.failures_since_start} for each in tried]


def _letters(user: User) -> list[dict[str, Any]]:
    """Mail that waits; once sent it is no longer held. Who forgot a password is named as was typed."""
    typed = Q(
        kind=LetterKind.RESET, addressee__in={user.username, user.nip, user.email} - {None, ""}
    )
    others = Q(addressee=str(user.pk)) & ~Q(kind=LetterKind.RESET)
    return [
        {
            "kind": letter.kind,
            "kind_label": letter.get_kind_display(),
            "to": letter.data.get("to", user.email),
            "about": letter.data,
            "requested_at": letter.requested_at,
            "attempts": letter.attempts,
            "next_at": letter.next_at,
        }
        for letter in Letter.objects.filter(typed | others).order_by("pk")
    ]


def letters_due() -> QuerySet[Letter]:
    """Mail that waits and may be tried now: oldest first, what was written to a whole cycle last."""
    due = Letter.objects.filter(next_at__lte=timezone.now())
    return due.annotate(in_mass=Q(kind__in=MASS_MAIL)).order_by("in_mass", "pk")


def untried_mass_mail() -> int:
    """How many letters to people of a cycle wait for their first try."""
    return Letter.objects.filter(kind__in=MASS_MAIL, attempts=0).count()


def people_by_counted_name(names: Iterable[str]) -> dict[str, User]:
    """Those among names of failed tries that are somebody's. One query.

    Of a name without NIP only a digest was kept: it is one of the few who sign in that way, or nobody's.
    """
    wanted = set(names)
    found = User.objects.filter(Q(username__in=wanted) | Q(nip=None))
    people = {counted_name(user.username): user for user in found}
    return {name: people[name] for name in wanted & people.keys()}


def has_more_failing_names(address: str, *, than: int) -> bool:
    """Whether more names than that were typed at an address with a wrong password and not with a right one since."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    failing = AccessAttempt.objects.filter(ip_address=address, attempt_time__gt=since)
    names = failing.order_by("username").values_list("username").distinct()
    return len(names[: than + 1]) > than


def duties_of(user_id: Any, on: datetime.date) -> QuerySet[RoleGrant]:
    """The person's granted duties on the date."""
    return RoleGrant.objects.in_force(on).filter(user=user_id)


def must_have_second_factor(user: User, on: datetime.date) -> bool:
    """Whether the person's duties or posts on the date ask for a second factor.

    `SECOND_FACTOR_FOR` names queries, of this app and of those above it; one that finds a row is enough.
    """
    return settings.MFA_REQUIRED and _bound(user, on).exists()


def lacks_second_factor(user: User, on: datetime.date) -> bool:
    """Whether the person must have a second factor and has none. One query."""
    has_one = Exists(Authenticator.objects.filter(user=OuterRef("pk"), type="totp"))
    return settings.MFA_REQUIRED and _bound(user, on).exclude(has_one).exists()


def _bound(user: User, on: datetime.date) -> QuerySet[User]:
    reasons = [
        Q(Exists(import_string(path)(OuterRef("pk"), on))) for path in settings.SECOND_FACTOR_FOR
    ]
    because = functools.reduce(operator.or_, reasons, Q(is_staff=True))
    return User.objects.filter(because, pk=user.pk)


def has_second_factor(user: User) -> bool:
    """Whether signing in asks for a code, too."""
    return Authenticator.objects.filter(user=user, type="totp").exists()


def recovery_codes_of(user: User) -> list[str]:
    """The codes for paper that are not used yet."""
    held = Authenticator.objects.filter(user=user, type="recovery_codes").first()
    codes: list[str] = held.wrap().get_unused_codes() if held else []
    return codes


def active_accounts_of(typed: str) -> QuerySet[User]:
    """Active accounts with an address that somebody means by a NIP, a sign-in name or that address."""
    digits = normalize_nip(typed)
    meant = Q(nip=digits) if digits.isdigit() else Q(email__iexact=typed) | Q(username=typed)
    return User.objects.filter(meant, is_active=True).exclude(email="").order_by("pk")


def with_entry(people: QuerySet[User]) -> QuerySet[User]:
    """People with `entry`: who has a password, who waits for one, and who cannot be sent a link."""
    links = PasswordLink.objects.filter(
        purpose=LinkPurpose.INVITATION, expires_at__gt=timezone.now()
    )
    queued = Letter.objects.filter(kind=LetterKind.INVITATION)
    invited = Q(pk__in=links.values("user")) | Q(key__in=queued.values("addressee"))
    return people.annotate(key=Cast("pk", CharField())).annotate(
        entry=Case(
            When(is_active=False, then=Value(Entry.INACTIVE)),
            When(~Q(password__startswith=UNUSABLE_PASSWORD_PREFIX), then=Value(Entry.ENTERED)),
            When(email="", then=Value(Entry.UNREACHABLE)),
            When(invited, then=Value(Entry.INVITED)),
            default=Value(Entry.READY),
            output_field=CharField(),
        )
    )


def digest_of_token(token: str) -> str:
    """What is kept of a link's token, which is random: SHA-256 in hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def state_of(user: User) -> str:
    """What a link hangs on: changes with the password and with the address."""
    return salted_hmac(
        "accounts.password_link", f"{user.password}\n{user.email}", algorithm="sha256"
    ).hexdigest()


def live_link(token: str, *, hold: bool = False) -> PasswordLink | None:
    """The link of a token if it still counts; `hold` locks it for the transaction."""
    links = PasswordLink.objects.select_related("user")
    if hold:
        links = links.select_for_update()
    link = links.filter(digest=digest_of_token(token), expires_at__gt=timezone.now()).first()
    if link is None or not link.user.is_active:
        return None
    return link if constant_time_compare(link.state, state_of(link.user)) else None


def sessions_of(user: User) -> QuerySet[UserSession]:
    """The person's sessions that have not run out, the latest first."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return UserSession.objects.filter(user=user, session_key__in=alive).order_by("-created_at")


@dataclass(frozen=True, slots=True)
class Device:
    """One session, in words that its owner recognises."""

    pk: int
    program: str
    system: str
    address: str
    since: datetime.datetime
    is_current: bool


# By what each writes into its user agent; the first that is found counts, since most name others, too.
_PROGRAMS = {
    "Edg/": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
_SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


def devices_of(user: User, session_key: str | None) -> list[Device]:
    """The person's sessions; of each address only the network, which tells places apart."""
    return [
        Device(
            pk=each.pk,
            program=_first(_PROGRAMS, each.user_agent),
            system=_first(_SYSTEMS, each.user_agent),
            address=_network(each.ip),
            since=each.created_at,
            is_current=each.session_key == session_key,
        )
        for each in sessions_of(user)
    ]


def _first(names: dict[str, str], user_agent: str) -> str:
    return next((name for sign, name in names.items() if sign in user_agent), "")


def _network(address: str) -> str:
    """`10.20.30.•` of an IPv4 address, the first three groups of an IPv6 address."""
    if ":" in address:
        return ":".join(ipaddress.ip_address(address).exploded.split(":")[:3]) + ":•"
    return address.rpartition(".")[0] + ".•"

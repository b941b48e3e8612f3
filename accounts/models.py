"""Who signs in. A person is a surrogate key; the NIP is an attribute that can change."""

import datetime
from typing import Any, ClassVar, cast

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import connections, models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.enums import EmploymentType, LetterKind, LinkPurpose, Role, TimeZone
from accounts.validators import mask_nip, space_nip, validate_nip
from audit.models import keep_history

UNREACHABLE = Q(is_active=True, password__startswith=UNUSABLE_PASSWORD_PREFIX, email="")
"""Who has no password and no address to send a link to: `Entry.UNREACHABLE` in the words of an index."""


class UserManager(BaseUserManager["User"]):
    """Makes accounts; an account without a password cannot sign in until it is given one."""

    def create_user(
        self, *, nip: str | None = None, password: str | None = None, **fields: Any
    ) -> "User":
        """Make an account that signs in by its NIP, or by `username` where there is no NIP."""
        fields.setdefault("username", nip)
        user = self.model(nip=nip, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, *, username: str, password: str | None = None, **fields: Any
    ) -> "User":
        """Make an operator's account (`manage.py createsuperuser`)."""
        fields.setdefault("name", username)
        fields.setdefault("employment_type", EmploymentType.OTHER)
        return self.create_user(
            username=username, password=password, is_staff=True, is_superuser=True, **fields
        )

    def get(self, *args: Any, **kwargs: Any) -> "User":
        """Django's own, but for `get(pk=…)`, by which every request loads its user: a statement written by hand.

        The ORM takes longer to build that query than PostgreSQL to run it. Managers of relations are subclasses
        of this one and have to look among their own, so they never take the short way.
        """
        pk = kwargs.get("pk")
        if type(self) is not UserManager or args or len(kwargs) != 1 or type(pk) is not int:
            return super().get(*args, **kwargs)
        fields = self.model._meta.concrete_fields
        using = connections[self.db]
        with using.cursor() as cursor:
            columns = ", ".join(f'"{field.column}"' for field in fields)
            cursor.execute(f"SELECT {columns} FROM accounts_user WHERE id = %s", [pk])  # noqa: S608  # nosec B608  # columns of ours
            row = cursor.fetchone()
        if row is None:
            raise self.model.DoesNotExist
        return self.model.from_db(using.alias, [field.attname for field in fields], row)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find the account by its sign-in name."""
        return self.get(username=username)


@keep_history(exclude=("password", "last_login", "session_generation"))
class User(AbstractBaseUser, PermissionsMixin):
    """A person known to the portal: a civil servant, or a rater without NIP such as a governor.

    Where the person works is never here: that is a dated `organization.Posting`.
    """

    username = models.CharField(_("nama masuk"), max_length=40, unique=True)
    nip = models.CharField(
        _("NIP"), max_length=18, unique=True, null=True, blank=True, validators=[validate_nip]
    )
    siasn_id = models.CharField(
        _("PNS ID (SIASN)"), max_length=64, unique=True, null=True, blank=True
    )
    name = models.CharField(_("nama"), max_length=150)
    title_before = models.CharField(_("gelar depan"), max_length=60, blank=True)
    title_after = models.CharField(_("gelar belakang"), max_length=100, blank=True)
    email = models.EmailField(_("surel dinas"), blank=True)
    employment_type = models.CharField(
        _("jenis pegawai"), max_length=8, choices=EmploymentType, default=EmploymentType.PNS
    )
    legal_status = models.CharField(_("kedudukan hukum"), max_length=60, blank=True)
    rank = models.CharField(_("golongan"), max_length=10, blank=True)
    language = models.CharField(_("bahasa"), max_length=5, blank=True)
    time_zone = models.CharField(
        _("zona waktu"), max_length=20, choices=TimeZone, blank=True, default="", db_default=""
    )
    is_active = models.BooleanField(_("aktif"), default=True)
    is_staff = models.BooleanField(_("operator"), default=False)
    date_joined = models.DateTimeField(_("terdaftar"), default=timezone.now, editable=False)
    session_generation = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("pegawai")
        verbose_name_plural = _("pegawai")
        ordering = ("name", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(nip__isnull=True) | Q(nip__regex=r"^[0-9]{18}$"),
                name="user_nip_18_digits",
            ),
            models.CheckConstraint(
                condition=Q(nip__isnull=True) | Q(username=models.F("nip")),
                name="user_signs_in_by_nip",
            ),
        )
        indexes = (
            models.Index(fields=("name",), name="user_name"),
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="user_part_of_name"),
            models.Index(Upper("email"), name="user_address"),
            models.Index(fields=("legal_status",), name="user_legal_status"),
            models.Index(fields=("name", "id"), condition=UNREACHABLE, name="user_unreachable"),
        )

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Name with degrees, as it is printed: `Dr. Ani Lestari, S.Sos.`"""
        front = f"{self.title_before} {self.name}".strip()
        return f"{front}, {self.title_after}" if self.title_after else front

    @property
    def masked_nip(self) -> str:
        """The NIP as others may see it; empty where there is none."""
        return mask_nip(self.nip) if self.nip else ""

    @property
    def printed_nip(self) -> str:
        """The NIP as its owner and the personnel office read it; empty where there is none."""
        return space_nip(self.nip) if self.nip else ""

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What every session carries: another password or generation ends them, wherever they are listed."""
        if not self.session_generation:
            return cast(str, super()._get_session_auth_hash(secret=secret))  # type: ignore[misc]
        value = f"{self.password}\n{self.session_generation}"
        return salted_hmac(
            "accounts.session_generation", value, secret=secret, algorithm="sha256"
        ).hexdigest()

    def get_full_name(self) -> str:
        """Django's name for `full_name`."""
        return self.full_name

    def get_short_name(self) -> str:
        """Name without degrees."""
        return self.name


@keep_history()
class FormerNip(models.Model):
    """A NIP that a person had before: a PPPK who changed agency or became PNS, or a correction."""

    user = models.ForeignKey(
        User, models.CASCADE, related_name="former_nips", verbose_name=_("pegawai")
    )
    nip = models.CharField(_("NIP lama"), max_length=18, unique=True)
    replaced_at = models.DateTimeField(_("diganti pada"), default=timezone.now)

    class Meta:
        verbose_name = _("NIP lama")
        verbose_name_plural = _("NIP lama")

    def __str__(self) -> str:
        return self.nip


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    """Which duties are in force."""

    def in_force(self, on: datetime.date) -> "RoleGrantQuerySet":
        """Grants valid on the given date."""
        return self.filter(valid__contains=on)


@keep_history()
class RoleGrant(models.Model):
    """A duty given to a person for a time; it ends by closing its period, never by deletion."""

    user = models.ForeignKey(
        User, models.PROTECT, related_name="role_grants", verbose_name=_("pegawai")
    )
    role = models.CharField(_("peran"), max_length=20, choices=Role)
    valid = DateRangeField(_("masa berlaku"))
    granted_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("diberikan oleh"),
    )
    reason = models.CharField(_("dasar"), max_length=250, blank=True)

    objects: ClassVar[RoleGrantQuerySet] = RoleGrantQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("pemberian peran")
        verbose_name_plural = _("pemberian peran")
        constraints = (
            ExclusionConstraint(
                name="role_grant_no_overlap",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.user}"


class PasswordLink(models.Model):
    """A link that lets one person set one password once. Only its digest is kept.

    It is worth nothing once a newer one exists, the password or the address changed, the account is
    switched off, or the time is over.
    """

    user = models.OneToOneField(
        User, models.CASCADE, related_name="password_link", verbose_name=_("pegawai")
    )
    purpose = models.CharField(_("tujuan"), max_length=12, choices=LinkPurpose)
    digest = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=64)
    expires_at = models.DateTimeField(_("berlaku sampai"))

    class Meta:
        verbose_name = _("tautan kata sandi")
        verbose_name_plural = _("tautan kata sandi")

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {self.user}"


class Letter(models.Model):
    """The queue of mail: a row waits here until it was sent.

    `addressee` is a person's key, or what somebody typed who asked for a link: whether there is such
    an account is looked up when the letter is written, so that asking costs the same for all.
    """

    kind = models.CharField(max_length=20, choices=LetterKind)
    addressee = models.CharField(max_length=254)
    data = models.JSONField(default=dict)
    requested_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("surat")
        verbose_name_plural = _("surat")

    def __str__(self) -> str:
        return self.get_kind_display()


class Throttle(models.Model):
    """How often something was tried lately by one key; see `operations.throttling`."""

    kind = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    count = models.PositiveIntegerField()
    since = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("kind", "digest"), name="throttle_one_row_a_key"),
        )

    def __str__(self) -> str:
        return f"{self.kind}: {self.count}"

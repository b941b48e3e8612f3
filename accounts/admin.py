"""Accounts and duties for operators. Nothing is deleted here: an account is switched off, a duty ends."""

from collections.abc import Iterable
from typing import Any, ClassVar, cast

from axes.models import AccessAttempt
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import Group
from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.forms import RangeWidget
from django.db.models import QuerySet
from django.forms import ModelChoiceField, ModelForm, MultiWidget, TextInput
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.addresses import counted_name
from accounts.models import FormerNip, RoleGrant, User
from accounts.operations import (
    invite,
    lift_lockouts,
    note_new_address,
    note_reading,
    reset_second_factor,
)
from accounts.queries import legal_statuses, people_by_counted_name
from accounts.validators import is_nip_shaped
from audit.admin import LargeListAdmin, ReadOnlyAdmin
from audit.operations import record

admin.site.unregister(Group)


class PeriodWidget(RangeWidget):
    """The two dates of a period, each with a name of its own for people who hear the page."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        names = (_("Hari pertama"), _("Hari pertama sesudahnya"))
        MultiWidget.__init__(self, [TextInput({"aria-label": name}) for name in names], attrs)


class StatusFilter(admin.SimpleListFilter):
    """Legal statuses as the roster writes them; the empty one has a name, too."""

    title = _("kedudukan hukum")
    parameter_name = "legal_status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Those that somebody has."""
        return [(status, status or _("(kosong)")) for status in legal_statuses()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        """Narrow by the chosen one."""
        status = self.value()
        return queryset if status is None else queryset.filter(legal_status=status)


class ReadingOnRecord(admin.ModelAdmin):
    """Rows that name people: who was listed or opened is on record, as one event for each page."""

    def people_of(self, row: Any) -> Iterable[int | None]:
        """Keys of everybody whom a row shows; for most, its person."""
        return [row.user_id]

    def people_in(self, rows: Iterable[Any]) -> list[int]:
        """Keys of everybody whom a page of rows shows."""
        return [pk for row in rows for pk in self.people_of(row) if pk is not None]

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """List, and say who was listed."""
        listed: ChangeList = super().get_changelist_instance(request)
        self._note(request, listed.result_list)
        return listed

    def get_object(self, request: HttpRequest, object_id: str, *args: Any, **kw: Any) -> Any:
        """Open a row, or its history, and say whose it is."""
        row = super().get_object(request, object_id, *args, **kw)
        if row is not None:
            self._note(request, [row])
        return row

    def _note(self, request: HttpRequest, rows: Iterable[Any]) -> None:
        page = request.resolver_match.view_name if request.resolver_match else ""
        note_reading(by=cast(User, request.user), people=self.people_in(rows), where=page)


class KeptAdmin(LargeListAdmin):
    """History stays: rows are never deleted, and every change by an operator is on record."""

    formfield_overrides: ClassVar[dict[type, dict[str, Any]]] = {
        DateRangeField: {"widget": PeriodWidget}
    }

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    # Django names the argument, and passes it by position.
    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:  # noqa: FBT001
        """Save the fields that were changed, no others, which may be newer by now; and say which, and who did."""
        obj.save(update_fields=form.changed_data if change else None)
        verb = f"{obj._meta.model_name}.{'changed' if change else 'created'}_by_operator"
        record(verb, by=cast(User, request.user), subject=obj, fields=sorted(form.changed_data))


class GivenByAnother(KeptAdmin):
    """Rows that give power over others: nobody gives it to themselves, or lengthens what they have."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """One's own rows can be read."""
        own = obj is not None and obj.user_id == request.user.pk
        return not own and super().has_change_permission(request, obj)

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        """Anybody else."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "user":
            field.queryset = User.objects.exclude(pk=cast(User, request.user).pk)
            field.error_messages["invalid_choice"] = _(
                "Pilih pegawai yang terdaftar, bukan diri Anda sendiri. Untuk Anda sendiri, "
                "minta operator lain."
            )
        return field


class FormerNipInline(admin.TabularInline):
    """NIP that the person had before."""

    model = FormerNip
    fields = readonly_fields = ("nip", "replaced_at")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Imports keep them."""
        return False


@admin.register(User)
class UserAdmin(ReadingOnRecord, KeptAdmin):
    """People and raters. New ones come from the roster; passwords are set by their owners."""

    list_display = ("name", "nip_as_shown", "employment_type", "legal_status", "is_active")
    list_filter = ("is_active", "employment_type", StatusFilter, "is_staff")
    search_fields = (
        *("nip__startswith", "name__icontains", "siasn_id__startswith", "username__startswith"),
        "former_nips__nip__startswith",
    )
    search_help_text = _("NIP (juga NIP lama), nama, PNS ID, atau nama masuk")
    list_per_page = 50
    actions = ("send_invitations", "reset_second_factors")
    ordering = ("name", "id")
    inlines = (FormerNipInline,)
    readonly_fields = ("username", "nip", "siasn_id", "last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("name", ("title_before", "title_after"), "email", "language")}),
        (
            _("Kepegawaian"),
            {"fields": ("nip", "siasn_id", "employment_type", "legal_status", "rank")},
        ),
        (
            _("Akun"),
            {
                "fields": (
                    "username",
                    "is_active",
                    "is_staff",
                    "is_superuser",
                    "last_login",
                    "date_joined",
                )
            },
        ),
    )

    def people_of(self, row: User) -> Iterable[int | None]:
        """The person."""
        return [row.pk]

    @admin.display(description=_("NIP"), ordering="nip")
    def nip_as_shown(self, user: User) -> str:
        """Masked: a list needs only what tells people apart."""
        return user.masked_nip

    @admin.action(
        description=_("Kirim undangan kepada yang belum punya kata sandi"), permissions=["change"]
    )
    def send_invitations(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        """A link to set the first password, by mail; whoever has one is left alone."""
        done = invite(users=list(chosen), by=cast(User, request.user))
        text = gettext(
            "Undangan dikirim: %(invited)d. Tanpa surel dinas: %(without_address)d. "
            "Sudah punya kata sandi atau tidak aktif: %(with_password)d."
        )
        counts = {
            "invited": done.invited,
            "without_address": done.without_address,
            "with_password": done.with_password,
        }
        self.message_user(request, text % counts, messages.SUCCESS)

    @admin.action(description=_("Atur ulang verifikasi dua langkah"), permissions=["change"])
    def reset_second_factors(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        """For somebody else's lost phone, after making sure who asks."""
        others = chosen.exclude(pk=cast(User, request.user).pk)
        if not request.user.is_superuser:
            others = others.filter(is_staff=False)
        count = sum(reset_second_factor(user=each, by=cast(User, request.user)) for each in others)
        text = gettext("Verifikasi dua langkah diatur ulang untuk %(count)d orang.")
        self.message_user(request, text % {"count": count}, messages.SUCCESS)

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:  # noqa: FBT001
        """Save; another address is told to the old one, too."""
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data:
            note_new_address(
                user=obj, old=form.initial.get("email", ""), by=cast(User, request.user)
            )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Accounts come from the roster, raters from their own operation."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Another address takes an account over; an operator's is changed by a superuser only."""
        reserved = obj is not None and obj.is_staff and not request.user.is_superuser
        return not reserved and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Only a superuser makes operators."""
        powers = () if request.user.is_superuser else ("is_staff", "is_superuser")
        return (*self.readonly_fields, *powers)


@admin.register(RoleGrant)
class RoleGrantAdmin(ReadingOnRecord, GivenByAnother):
    """Duties: given for a period, ended by closing it."""

    list_display = ("user", "role", "valid", "granted_by", "reason")
    list_filter = ("role",)
    list_select_related = ("user", "granted_by")
    search_fields = ("user__nip__startswith", "user__name__icontains", "reason__icontains")
    raw_id_fields = ("user",)
    fields = ("user", "role", "valid", "reason", "granted_by")
    readonly_fields = ("granted_by",)
    ordering = ("-id",)

    def people_of(self, row: RoleGrant) -> Iterable[int | None]:
        """Who has the duty, and who gave it."""
        return [row.user_id, row.granted_by_id]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A grant keeps its person and duty: another is another grant."""
        return (*self.readonly_fields, *(("user", "role") if obj else ()))

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:  # noqa: FBT001
        """Remember who gave it."""
        if not change:
            obj.granted_by = request.user
        super().save_model(request, obj, form, change)


@admin.register(AccessAttempt)
class AccessAttemptAdmin(ReadingOnRecord, ReadOnlyAdmin):
    """Wrong passwords by name and address; whoever is held by them can be let try again."""

    list_display = ("tried_name", "ip_address", "failures_since_start", "attempt_time")
    search_fields = ("username__istartswith", "ip_address__iexact")
    search_help_text = _("NIP, nama masuk yang ditulis lengkap, atau alamat")
    fields = ("tried_name", "ip_address", "user_agent", "failures_since_start", "attempt_time")
    ordering = ("-attempt_time",)
    actions = ("release",)

    @admin.display(description=_("nama masuk"), ordering="username")
    def tried_name(self, attempt: AccessAttempt) -> str:
        """A NIP; of other names, whose it is, since what nobody is called may be a password."""
        if is_nip_shaped(attempt.username):
            return str(attempt.username)
        person = getattr(attempt, "person", None)
        return person.username if person else gettext("bukan nama siapa pun")

    def people_in(self, rows: Iterable[AccessAttempt]) -> list[int]:
        """Whose names were typed, where they are somebody's; each row is told who."""
        people = people_by_counted_name(row.username for row in rows)
        for row in rows:
            row.person = people.get(row.username)
        return [user.pk for user in people.values()]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AccessAttempt], search_term: str
    ) -> tuple[QuerySet[AccessAttempt], bool]:
        """Find a sign-in name without NIP, too, of which only a digest is kept."""
        found, has_duplicates = super().get_search_results(request, queryset, search_term)
        typed = counted_name(search_term.strip().lower())
        return found | queryset.filter(username=typed), has_duplicates

    def has_release_permission(self, request: HttpRequest) -> bool:
        """Operators who may forget attempts may do it here."""
        return request.user.has_perm("axes.delete_accessattempt")

    @admin.action(description=_("Buka kunci, agar dapat masuk lagi"), permissions=["release"])
    def release(self, request: HttpRequest, chosen: QuerySet[AccessAttempt]) -> None:
        """For somebody who is certain of the password by now, after making sure who asks."""
        count = lift_lockouts(attempts=chosen, by=cast(User, request.user))
        text = gettext("%(count)d kunci dibuka.") % {"count": count}
        self.message_user(request, text, messages.SUCCESS)

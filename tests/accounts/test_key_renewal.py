"""A new SECRET_KEY: codes go on, and the old key can be forgotten."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.errors import FactorUnreadable
from accounts.operations import accept_code
from audit.models import Event

NEW = "n" * 60


@pytest.fixture
def secret(ani):
    secret = generate_totp_secret()
    TOTP.activate(ani, secret)
    RecoveryCodes.activate(ani)
    return secret


@pytest.fixture
def old(settings, secret):
    """The key that the secrets are encrypted with; another is in use since."""
    old, settings.SECRET_KEY = settings.SECRET_KEY, NEW
    return old


def code_of(secret):
    return format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // 30))


def test_an_earlier_key_still_opens_what_it_sealed(settings, old, secret, ani):
    settings.SECRET_KEY_FALLBACKS = [old]
    assert accept_code(user=ani, code=code_of(secret)).user == ani


def test_the_earlier_key_can_be_forgotten_after_resealing(settings, old, secret, ani, capsys):
    settings.SECRET_KEY_FALLBACKS = [old]
    call_command("reseal_second_factors")
    assert "2 rahasia disandikan ulang" in capsys.readouterr().out
    settings.SECRET_KEY_FALLBACKS = []
    paper = ani.authenticator_set.get(type="recovery_codes").wrap().get_unused_codes()
    assert accept_code(user=ani, code=code_of(secret)).type == "totp"
    assert accept_code(user=ani, code=paper[0]).type == "recovery_codes"
    (event,) = Event.objects.filter(verb="second_factor.resealed")
    assert (event.subject_type, event.subject_id) == ("accounts.User", str(ani.pk))


def test_trying_it_writes_nothing(settings, old, ani, capsys):
    settings.SECRET_KEY_FALLBACKS = [old]
    before = list(ani.authenticator_set.order_by("pk").values_list("data", flat=True))
    call_command("reseal_second_factors", "--dry-run")
    assert "uji coba" in capsys.readouterr().out
    assert list(ani.authenticator_set.order_by("pk").values_list("data", flat=True)) == before
    assert not Event.objects.exists()


def test_a_secret_that_no_key_opens_is_named_and_left(old, ani):
    before = list(ani.authenticator_set.order_by("pk").values_list("data", flat=True))
    with pytest.raises(CommandError, match=rf"{ani.username}\. Tambahkan kunci lama"):
        call_command("reseal_second_factors")
    assert list(ani.authenticator_set.order_by("pk").values_list("data", flat=True)) == before


def test_whoever_meets_it_at_sign_in_is_told_that_it_is_not_their_fault(old, secret, ani):
    with pytest.raises(
        FactorUnreadable, match=r"bukan karena salah ketik.*Laporkan kepada operator"
    ):
        accept_code(user=ani, code=code_of(secret))
    assert not Event.objects.exists()

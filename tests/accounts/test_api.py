"""Who is signed in, for other programs."""

from django.test import Client
from django.urls import reverse

from accounts.models import User


def test_me_says_who_is_signed_in(client: Client, budi: User) -> None:
    client.force_login(budi)
    said = client.get(reverse("api:me")).json()
    assert len(said.pop("csrf_token")) == 64
    assert said == {
        "name": "Drs. Budi Santosa, M.Si.",
        "nip": budi.nip,
        "language": "",
        "time_zone": "",
    }

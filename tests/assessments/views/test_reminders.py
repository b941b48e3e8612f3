"""The cycle manager reads when letters go out and how many did, and chooses the days."""

import datetime

from django.utils import timezone

from accounts.models import User
from assessments.models import Assessment, Cycle
from assessments.operations import remind_people
from assessments.queries.reminding import reminder_days
from audit.models import Event
from tests.assessments.operations.test_reminding import end_in
from tests.assessments.pages import url
from tests.pages import text_of


def test_the_cycles_page_says_when_letters_go_out_and_how_many_went(client, cycle, ani, dewi):
    User.objects.filter(pk=ani.pk).update(email="ani@contoh.invalid")
    Cycle.objects.update(closes_at=datetime.datetime(2040, 1, 9, 16, 59, 59, tzinfo=datetime.UTC))
    client.force_login(dewi)
    page = text_of(client.get(url("cycle", cycle)))
    assert "7 hari sebelum batas waktu Mulai 2 Januari 2040 pukul 08.00 WIB" in page
    assert "2 hari sebelum batas waktu Mulai 7 Januari 2040 pukul 08.00 WIB" in page
    assert page.count("Belum ada yang dikirim.") == 3
    remind_people()
    page = text_of(client.get(url("cycle", cycle)))
    assert "1 surat. 1 pegawai tanpa surel dinas hanya melihatnya di portal. Terakhir" in page
    assert page.count("Belum ada yang dikirim.") == 2


def test_other_days_are_chosen_and_an_event(client, cycle, dewi):
    client.force_login(dewi)
    form = client.get(url("cycle_reminders", cycle))
    assert form.context["form"].initial == {"days": [7, 2]}
    response = client.post(url("cycle_reminders", cycle), {"days": ["3", "14"]})
    assert (response.status_code, response["Location"]) == (303, url("cycle", cycle))
    assert "Jadwal surat pengingat sudah disimpan." in text_of(client.get(response["Location"]))
    assert reminder_days(cycle) == [14, 3]
    event = Event.objects.get(verb="cycle.reminders_planned")
    assert (event.actor_id, event.data["after"]) == (dewi.pk, [14, 3])


def test_without_a_day_no_letter_goes_out_and_the_page_says_so(client, cycle, ani, dewi):
    User.objects.filter(pk=ani.pk).update(email="ani@contoh.invalid")
    client.force_login(dewi)
    client.post(url("cycle_reminders", cycle), {})
    page = text_of(client.get(url("cycle", cycle)))
    assert "Tidak ada surat yang dikirim dalam periode ini." in page
    assert remind_people() == 0


def test_a_day_that_is_not_offered_is_refused_and_changes_nothing(client, cycle, dewi):
    client.force_login(dewi)
    response = client.post(url("cycle_reminders", cycle), {"days": ["0", "2"]})
    assert response.status_code == 422
    assert response.context["form"].errors == {"days": ["Pilih hari dari daftar."]}
    assert reminder_days(cycle) == [7, 2]


def test_what_went_out_stays_on_the_page_when_its_day_is_no_longer_planned(
    client, cycle, ani, dewi
):
    User.objects.filter(pk=ani.pk).update(email="ani@contoh.invalid")
    long_ago = timezone.now() - datetime.timedelta(days=30)
    Cycle.objects.update(opens_at=long_ago, closes_at=end_in(2))
    Assessment.objects.update(status_changed_at=long_ago, reminded_at=long_ago)
    remind_people()
    client.force_login(dewi)
    client.post(url("cycle_reminders", cycle), {"days": ["5"]})
    page = text_of(client.get(url("cycle_reminders", cycle)))
    assert "2 hari sebelum batas waktu Mulai" in page
    assert "1 surat." in page

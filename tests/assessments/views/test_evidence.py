"""Pages of evidence files: adding, its errors, taking out, opening."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from assessments.enums import ScanState
from assessments.models import Answer, Evidence
from assessments.operations import AnswerInput, open_review, save_answers, submit, withdraw
from assessments.operations.evidence import add_evidence
from tests.assessments import papers
from tests.assessments.conftest import ANSWERS
from tests.assessments.pages import markup_of, url
from tests.pages import text_of

CODE = "ALF-01"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.EVIDENCE_DIR = tmp_path / "bukti"
    return settings.EVIDENCE_DIR


@pytest.fixture
def as_ani(client, ani):
    client.force_login(ani)
    return client


@pytest.fixture
def place(assessment):
    return url("evidence", assessment, CODE)


@pytest.fixture
def file(assessment, ani):
    return add_evidence(
        assessment=assessment, code=CODE, content=papers.pdf(), name="SK 800.pdf", by=ani
    )


@pytest.fixture
def handed_in_file(file, assessment, ani):
    save_answers(assessment=assessment, answers=ANSWERS, by=ani)
    submit(assessment=assessment, by=ani)
    return file


def send(client, place, content=b"", name="surat.pdf"):
    return client.post(place, {"file": SimpleUploadedFile(name, content)})


def opened(client, file):
    return client.get(reverse("assessments:evidence_file", args=(file.pk,)))


def test_a_file_is_added_and_listed(as_ani, place):
    assert "Belum ada berkas" in text_of(as_ani.get(place))
    response = send(as_ani, place, papers.pdf())
    assert (response.status_code, response.url) == (303, place)
    shown = text_of(as_ani.get(place))
    assert "Berkas “surat.pdf” tersimpan." in shown
    assert "Kembali ke pernyataan" in shown


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "Pilih dahulu berkas"),
        (b"", "Berkas ini kosong"),
        (b"<script>alert(1)</script>", "bukan PDF, JPEG, atau PNG"),
        (papers.pdf(b"%" * 5_300_000), "lebih besar daripada 5 MB"),
        (papers.huge_picture(), "25 juta piksel"),
        (papers.picture()[:100], "rusak atau tidak utuh"),
        (papers.pdf(b"<</Encrypt 1 0 R>>"), "terkunci kata sandi"),
        (papers.pdf(b"<</S/JavaScript>>"), "berisi program"),
    ],
)
def test_each_error_has_words_of_its_own_and_answers_stay(
    as_ani, place, assessment, ani, folder, content, words
):
    save_answers(assessment=assessment, answers={CODE: AnswerInput(note="Tetap ada")}, by=ani)
    response = as_ani.post(place) if content is None else send(as_ani, place, content)
    assert response.status_code == 422
    assert words in text_of(response)
    assert "Kesalahan:" in markup_of(response)
    assert Answer.objects.get().note == "Tetap ada"
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_too_many_says_so_and_offers_no_form(as_ani, place, assessment, ani):
    for number in range(10):
        add_evidence(
            assessment=assessment, code=CODE, content=papers.pdf(), name=f"{number}.pdf", by=ani
        )
    assert "Sudah ada 10 berkas" in text_of(as_ani.get(place))
    assert "Sudah ada 10 berkas untuk pernyataan ini" in text_of(send(as_ani, place, papers.pdf()))


def test_a_storage_that_fails_is_told_and_loses_nothing(as_ani, place, folder):
    folder.write_text("bukan folder")
    response = send(as_ani, place, papers.pdf())
    assert response.status_code == 422
    assert "gangguan penyimpanan" in text_of(response)


def test_the_section_is_stored_before_the_files_of_a_statement_open(as_ani, assessment, place):
    fill = url("fill", assessment, "ALFA")
    assert 'value="files:ALF-01"' in markup_of(as_ani.get(fill))
    assert 'value="files:ALF-02"' not in markup_of(as_ani.get(fill))
    response = as_ani.post(
        fill, {"ALF-01": "4", "ALF-01:note": "Belum tersimpan tadi", "next": "files:ALF-01"}
    )
    assert (response.status_code, response.url) == (303, place)
    assert Answer.objects.get().note == "Belum tersimpan tadi"


def test_files_are_named_where_answers_are_filled_in_checked_and_reviewed(
    client, handed_in_file, assessment, ani, budi
):
    link = reverse("assessments:evidence_file", args=(handed_in_file.pk,))
    client.force_login(ani)
    assert link in markup_of(client.get(url("check", assessment)))
    client.force_login(budi)
    open_review(assessment=assessment, by=budi)
    assert link in markup_of(client.get(url("review_pillar", assessment, "ALFA")))


@pytest.mark.parametrize(
    "fate",
    [{"scan_state": ScanState.INFECTED}, {"removed_at": timezone.now()}],
    ids=["infected", "taken out"],
)
def test_a_file_that_no_longer_counts_is_not_named_where_answers_are_filled_in(
    as_ani, file, assessment, fate
):
    fill = url("fill", assessment, "ALFA")
    assert file.name in markup_of(as_ani.get(fill))
    Evidence.objects.update(**fate)
    assert file.name not in markup_of(as_ani.get(fill))


def test_a_file_comes_as_an_attachment_that_can_do_nothing(as_ani, file):
    response = opened(as_ani, file)
    assert response.status_code == 200
    assert response.content == papers.pdf()
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="SK 800.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ('a"; filename=b.exe\r\nX: y.pdf', r'attachment; filename="a\"; filename=b.exe X: y.pdf"'),
        ("surat étage.pdf", "attachment; filename*=utf-8''surat%20%C3%A9tage.pdf"),
        ("../../x.pdf", 'attachment; filename="x.pdf"'),
    ],
)
def test_hostile_names_stay_inside_their_header(as_ani, assessment, ani, name, header):
    file = add_evidence(assessment=assessment, code=CODE, content=papers.pdf(), name=name, by=ani)
    assert opened(as_ani, file)["Content-Disposition"] == header


def test_a_name_is_shown_and_never_run(as_ani, place, assessment, ani):
    name = '"><script>alert(1)</script>.pdf'
    add_evidence(assessment=assessment, code=CODE, content=papers.pdf(), name=name, by=ani)
    for path in (place, url("check", assessment), url("fill", assessment, "ALFA")):
        assert "<script>alert" not in markup_of(as_ani.get(path))


def test_drafts_are_the_owners_alone(client, file, budi, citra, dewi, eko):
    for person in (budi, citra, dewi, eko):
        client.force_login(person)
        assert opened(client, file).status_code == 404


def test_once_handed_in_the_reviewer_may_and_nobody_else(
    client, handed_in_file, ani, budi, citra, dewi, eko
):
    seen = {}
    for person in (ani, budi, citra, dewi, eko):
        client.force_login(person)
        response = opened(client, handed_in_file)
        seen[person.name] = response.status_code
        if response.status_code == 404:
            handed_in_file.pk, real = 999_999, handed_in_file.pk
            missing = opened(client, handed_in_file)
            handed_in_file.pk = real
            assert text_of(missing) == text_of(response)
    assert list(seen.values()) == [200, 200, 404, 404, 404]


def test_taken_back_it_is_the_owners_alone_again(client, handed_in_file, assessment, ani, budi):
    withdraw(assessment=assessment, by=ani)
    client.force_login(budi)
    assert opened(client, handed_in_file).status_code == 404
    client.force_login(ani)
    assert opened(client, handed_in_file).status_code == 200


def test_in_quarantine_only_the_owner_opens_it(client, handed_in_file, ani, budi):
    Evidence.objects.update(scan_state=ScanState.WAITING)
    client.force_login(ani)
    assert opened(client, handed_in_file).status_code == 200
    client.force_login(budi)
    response = opened(client, handed_in_file)
    assert response.status_code == 409
    assert "menunggu pemindaian virus" in text_of(response)


def test_what_is_infected_is_opened_by_nobody(client, handed_in_file, ani):
    Evidence.objects.update(scan_state=ScanState.INFECTED)
    client.force_login(ani)
    response = opened(client, handed_in_file)
    assert response.status_code == 409
    assert "menemukan virus" in text_of(response)


def test_taking_a_file_out_asks_first(as_ani, file, place):
    path = reverse("assessments:evidence_remove", args=(file.pk,))
    assert "dihapus untuk selamanya" in text_of(as_ani.get(path))
    assert Evidence.objects.count() == 1
    response = as_ani.post(path)
    assert (response.status_code, response.url) == (303, place)
    assert Evidence.objects.count() == 0
    assert as_ani.post(path).status_code == 404


def test_a_file_that_was_handed_in_says_that_it_stays(as_ani, handed_in_file, assessment, ani):
    path = reverse("assessments:evidence_remove", args=(handed_in_file.pk,))
    assert as_ani.post(path).status_code == 409
    withdraw(assessment=assessment, by=ani)
    assert "tetap tersimpan bersama pengajuan itu" in text_of(as_ani.get(path))
    assert as_ani.post(path).status_code == 303
    assert Evidence.objects.count() == 1


def test_somebody_elses_page_is_not_found(client, place, file, budi):
    client.force_login(budi)
    assert client.get(place).status_code == 404
    assert send(client, place, papers.pdf()).status_code == 404
    assert client.post(reverse("assessments:evidence_remove", args=(file.pk,))).status_code == 404


def test_a_body_that_announces_too_much_is_refused_before_it_is_read(as_ani, place):
    response = send(as_ani, place, papers.pdf(b"%" * 7_000_000))
    assert response.status_code == 413
    assert "paling besar 5 MB" in text_of(response)

"""A file that is too large is refused in the browser, before minutes of a weak line are spent on it."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from assessments.files.evidence import MAXIMUM_BYTES
from assessments.models import Evidence

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_file_that_is_too_large_is_not_sent(context, sign_in, live_server, assessment, ani):
    sign_in(context, ani)
    page = context.new_page()
    sent = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    page.goto(f"{live_server.url}/penilaian/{assessment.pk}/bukti/ALF-01/")
    file = page.locator("input[type=file]")
    large = {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": bytes(MAXIMUM_BYTES + 1)}
    file.set_input_files([large])
    expect(page.get_by_role("alert").filter(has_text="lebih besar daripada 5 MB")).to_be_visible()
    page.get_by_role("button", name="Unggah").click()
    expect(file).to_be_focused()
    assert sent == []
    picture = settings.BASE_DIR / "docs" / "screenshots" / "ani-tasks.png"
    file.set_input_files(picture)
    page.get_by_role("button", name="Unggah").click()
    expect(page.get_by_role("link", name="ani-tasks.png").first).to_be_visible()
    assert len(sent) == 1
    assert Evidence.objects.count() == 1

"""A real mail server refuses one letter, or is gone: what that means for the letters behind it."""

import socketserver
import threading

import pytest
from django.utils import timezone

from accounts.enums import LetterKind
from accounts.models import Letter, User
from accounts.operations import deliver_letters
from accounts.operations.queueing import write_to

UNKNOWN = b"budi@contoh.invalid"


class Sink(socketserver.StreamRequestHandler):
    """Takes mail for everybody but one."""

    def handle(self):
        self.say(b"220 siap")
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"RCPT" and UNKNOWN in line:
                self.say(b"550 tidak dikenal")
            elif word == b"DATA":
                self.say(b"354 silakan")
                self.server.taken.append(b"".join(iter(self.rfile.readline, b".\r\n")).decode())
                self.say(b"250 diterima")
            else:
                self.say(b"250 baik")
            if word == b"QUIT":
                return

    def say(self, words):
        self.wfile.write(words + b"\r\n")
        self.wfile.flush()


@pytest.fixture
def server(settings):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Sink) as server:
        server.daemon_threads, server.taken = True, []
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def letters(ani, budi, citra):
    """One to each of three people, the second of whom the server does not know."""
    for person in (ani, budi, citra):
        address = f"{person.name.split()[0].lower()}@contoh.invalid"
        User.objects.filter(pk=person.pk).update(email=address)
        write_to(person, LetterKind.PASSWORD_CHANGED)
    return Letter.objects.order_by("pk")


def test_a_refused_address_waits_alone_and_the_others_are_sent(server, letters, budi):
    assert deliver_letters() == 2
    assert [mail.partition("To: ")[2].split()[0] for mail in server.taken] == [
        "ani@contoh.invalid",
        "citra@contoh.invalid",
    ]
    assert list(letters.values_list("addressee", "attempts")) == [(str(budi.pk), 1)]


def test_a_server_that_is_gone_is_asked_once_and_not_for_every_letter(server, letters, settings):
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert deliver_letters() == 0
    assert list(letters.values_list("attempts", flat=True)) == [1, 0, 0]
    settings.EMAIL_PORT = port
    letters.update(next_at=timezone.now())
    assert deliver_letters() == 2

"""Bytes of the pages that people open most, through the nginx of deploy/: bin/env python -m bench.weight

A portal with production's settings and servers of its own, the demo's people, a client that takes gzip. The first
visit counts the page and every file that it names, the fonts of its style sheets too; the next one the page alone,
since files keep their address for ever. Headers count. Exits with 1 where a page is over its budget.
"""

import http.client
import json
import re
import sys
import tempfile
from pathlib import Path
from urllib.parse import urljoin

from tests.chaos.proxy import nginx
from tests.chaos.stack import Stack

FIRST_KB, NEXT_KB = 100, 15
PEOPLE, UNITS = 120, 20
HEADERS = {"Accept-Encoding": "gzip", "Host": "127.0.0.1"}
_NAMED = re.compile(r"""<(?:link|script|img)\b[^>]*?\b(?:href|src)="(/static/[^"]+)\"""")
_OF_SHEETS = re.compile(r"""url\(["']?([^"')]+)["']?\)""")
_PAGES = """
import json, django
django.setup()
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.urls import reverse
from accounts.models import User
from assessments.models import Assessment
from bench.web import session_of
from dashboards.queries import entrances
from prima_portal.demo_accounts import DEMO_ACCOUNTS
nips = {each.name: each.nip for each in DEMO_ACCOUNTS}
head = User.objects.get(nip=nips["Gunawan Wibisono"])
TOTP.activate(head, generate_totp_secret())  # whoever leads needs one
draft = Assessment.objects.get(person__nip=nips["Ani Lestari"], status="DRAFT")
unit = entrances(head)[0]
print(json.dumps({
    "the sign-in page": ["/akun/masuk/", ""],
    "a section page": [reverse("assessments:fill", args=(draft.pk, "PROFESIONAL")), session_of(draft.person)],
    "the task list": [reverse("assessments:tasks", args=(draft.pk,)), session_of(draft.person)],
    "check answers": [reverse("assessments:check", args=(draft.pk,)), session_of(draft.person)],
    "the dashboard of an agency": [reverse("dashboards:unit", args=(unit.cycle.code, unit.pk)), session_of(head)],
}))
"""


class Visitor:
    """Somebody who takes gzip and has the session."""

    def __init__(self, port: int, session: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = HEADERS | ({"Cookie": f"__Host-sessionid={session}"} if session else {})

    def ask(self, path: str, **headers: str) -> tuple[int, bytes, http.client.HTTPMessage]:
        """Bytes of head and body as they came, the body, and its headers."""
        self.connection.request("GET", path, headers=self.headers | headers)
        answer = self.connection.getresponse()
        body = answer.read()
        assert answer.status == 200, f"{path}: {answer.status}"
        return len(answer.headers.as_bytes()) + len(body), body, answer.headers

    def weigh(self, path: str) -> tuple[dict[str, int], int]:
        """Bytes of a page and of each file that it names, by address; and of the page as it was before compression."""
        sizes = {path: self.ask(path)[0]}
        plain, body, _ = self.ask(path, **{"Accept-Encoding": "identity"})
        page = body.decode()
        waiting = list(dict.fromkeys(_NAMED.findall(page)))
        for address in waiting:
            sizes[address], _, headers = self.ask(address)
            assert "immutable" in headers["Cache-Control"], address
            if address.endswith(".css"):
                sheet = self.ask(address, **{"Accept-Encoding": "identity"})[1].decode()
                found = (urljoin(address, name) for name in _OF_SHEETS.findall(sheet))
                waiting += [name for name in dict.fromkeys(found) if name not in waiting]
        return sizes, plain


def main() -> int:
    """Print a line for each page; 0 where all keep their budgets."""
    with tempfile.TemporaryDirectory() as name:
        stack = Stack(Path(name))
        try:
            return report(stack, Path(name))
        finally:
            stack.stop()


def report(stack: Stack, folder: Path) -> int:
    """Fill a portal, weigh its pages, and say what is too heavy."""
    stack.start()
    for command in (
        ("migrate", "--verbosity=0"),
        ("collectstatic", "--no-input", "--verbosity=0"),
        ("seed_demo", f"--people={PEOPLE}", f"--units={UNITS}"),
    ):
        done = stack.manage(*command)
        assert done.returncode == 0, done.stderr
    stack.serve()
    pages = stack.run("-c", _PAGES)
    assert pages.returncode == 0, pages.stderr
    (folder / "nginx").mkdir()
    too_heavy = 0
    with nginx(folder / "nginx", stack.port) as port:
        for name, (path, session) in json.loads(pages.stdout.splitlines()[-1]).items():
            sizes, plain = Visitor(port, session).weigh(path)
            first, later = sum(sizes.values()) / 1000, sizes[path] / 1000
            too_heavy += first > FIRST_KB or later > NEXT_KB
            print(
                f"{name:26} first visit {first:5.1f} KB in {len(sizes):2} answers,"
                f" next {later:5.1f} KB (without compression {plain / 1000:.1f})"
            )
            for address, size in sorted(sizes.items(), key=lambda one: -one[1]):
                print(f"    {size / 1000:5.1f} KB {address.split('/')[-1] or path}")
    return 1 if too_heavy else 0


if __name__ == "__main__":
    sys.exit(main())

"""Hashing is bounded: what many sign-ins at once may take of a process."""

import subprocess
import sys

from django.contrib.auth.hashers import check_password, make_password

HASH_MEGABYTES = 19
MANY_AT_ONCE = """
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
import django
django.setup()
from django.contrib.auth.hashers import check_password, make_password

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024

encoded = make_password("kata sandi yang panjang")
before = peak()
with ThreadPoolExecutor(8) as people:
    assert all(people.map(lambda _: check_password("kata sandi yang panjang", encoded), range(24)))
print(peak() - before)
"""


def test_a_password_is_known_again_and_another_is_not():
    encoded = make_password("kata sandi yang panjang")
    assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert check_password("kata sandi yang panjang", encoded) is True
    assert check_password("kata sandi yang lain", encoded) is False


def test_many_sign_ins_at_once_take_the_memory_of_one():
    done = subprocess.run(
        [sys.executable, "-c", MANY_AT_ONCE], check=True, capture_output=True, text=True
    )
    assert float(done.stdout) < HASH_MEGABYTES

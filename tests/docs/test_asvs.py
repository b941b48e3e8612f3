"""The table of ASVS 5.0: no requirement of levels 1 and 2 is missing, and what shows each one exists."""

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (\d[\d., ]*) \| (.*?) \| (.+) \| `([^`]+)` \|$", re.MULTILINE)
STATES = {"yes", "part", "no", "n/a", "site"}

# Numbers of 5.0.0 at levels 1 and 2, by section.
REQUIRED = """
1.1: 1 2
1.2: 1 2 3 4 5 6 7 8 9
1.3: 1 2 3 4 5 6 7 8 9 10 11
1.4: 1 2 3
1.5: 1 2
2.1: 1 2 3
2.2: 1 2 3
2.3: 1 2 3 4
2.4: 1
3.2: 1 2
3.3: 1 2 3 4
3.4: 1 2 3 4 5 6
3.5: 1 2 3 4 5
3.7: 1 2
4.1: 1 2 3
4.2: 1
4.3: 1 2
4.4: 1 2 3 4
5.1: 1
5.2: 1 2 3
5.3: 1 2
5.4: 1 2 3
6.1: 1 2 3
6.2: 1 2 3 4 5 6 7 8 9 10 11 12
6.3: 1 2 3 4
6.4: 1 2 3 4
6.5: 1 2 3 4 5
6.6: 1 2 3
6.8: 1 2 3 4
7.1: 1 2 3
7.2: 1 2 3 4
7.3: 1 2
7.4: 1 2 3 4 5
7.5: 1 2
7.6: 1 2
8.1: 1 2
8.2: 1 2 3
8.3: 1
8.4: 1
9.1: 1 2 3
9.2: 1 2 3 4
10.1: 1 2
10.2: 1 2
10.3: 1 2 3 4
10.4: 1 2 3 4 5 6 7 8 9 10 11
10.5: 1 2 3 4 5
10.6: 1 2
10.7: 1 2 3
11.1: 1 2
11.2: 1 2 3
11.3: 1 2 3
11.4: 1 2 3 4
11.5: 1
11.6: 1
12.1: 1 2 3
12.2: 1 2
12.3: 1 2 3 4
13.1: 1
13.2: 1 2 3 4 5
13.3: 1 2
13.4: 1 2 3 4 5
14.1: 1 2
14.2: 1 2 3 4
14.3: 1 2 3
15.1: 1 2 3
15.2: 1 2 3
15.3: 1 2 3 4 5 6 7
16.1: 1
16.2: 1 2 3 4 5
16.3: 1 2 3 4
16.4: 1 2 3
16.5: 1 2 3
17.1: 1
17.2: 1 2 3 4
17.3: 1 2
"""


def rows():
    text = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
    return ROW.findall(text)


def required():
    for line in REQUIRED.split("\n"):
        section, _, numbers = line.partition(": ")
        yield from (f"{section}.{number}" for number in numbers.split())


def test_every_number_stands_there_once():
    found = Counter(number for row in rows() for number in row[0].split(", "))
    assert sorted(found.elements()) == sorted(required())
    assert len(found) == 253


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_what_shows_it_exists(row):
    _numbers, state, how, proof = row
    path, _, name = proof.partition("::")
    assert state in STATES
    assert len(how) > 3
    assert (ROOT / path).exists(), path
    if name:
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), name
    if state == "yes" and path.startswith("tests/"):
        assert path.endswith(".py")

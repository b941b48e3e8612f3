"""Documents say what is so: links lead somewhere, names exist, tables agree with the code."""

import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

from assessments.enums import TRANSITIONS, ReviewStatus
from prima_portal.demo_accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from tests.architecture.source import modules
from tests.architecture.source import text_of as source_of
from tests.architecture.test_models import APPEND_ONLY, FROZEN, MUTABLE

ROOT: Path = settings.BASE_DIR
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")], key=lambda path: path.as_posix()
)
KINDS = {"A": APPEND_ONLY, "F": FROZEN, "M": MUTABLE}


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def prose_of(path: Path) -> str:
    return re.sub(r"```.*?```", "", text_of(path), flags=re.DOTALL)


def anchors_of(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", prose_of(path), re.MULTILINE)
    return {
        re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings
    }


def test_links_lead_somewhere():
    """Remedy: correct the path or the heading. Pictures are made by `make screenshots`."""
    broken = []
    for document in DOCUMENTS:
        for target in re.findall(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)", prose_of(document)):
            if target.startswith(("http:", "https:", "mailto:")):
                continue
            name, _, anchor = target.partition("#")
            file = (document.parent / name).resolve() if name else document
            if not file.exists() or (anchor and anchor not in anchors_of(file)):
                broken.append(f"{document.relative_to(ROOT)}: {target}")
    assert broken == [], "\n".join(broken)


def test_documents_that_the_code_cites_exist():
    """Remedy: write the document, or correct the name."""
    missing = sorted(
        f"{path}: {name}"
        for path in modules()
        for name in re.findall(r"docs/[\w/-]+\.md", source_of(path))
        if not (ROOT / name).exists()
    )
    assert missing == [], "\n".join(missing)


def test_tests_that_are_cited_exist():
    """Remedy: cite the test that shows it now."""
    missing = []
    for document in DOCUMENTS:
        for name, test in re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", prose_of(document)):
            file = ROOT / name
            if not file.exists() or (test and f"def {test}(" not in text_of(file)):
                missing.append(f"{document.relative_to(ROOT)}: {name}::{test}")
    assert missing == [], "\n".join(missing)


def test_commands_that_are_shown_exist():
    """Remedy: show the command as it is called now."""
    known = get_commands()
    unknown = [
        f"{document.relative_to(ROOT)}: {command}"
        for document in DOCUMENTS
        for command in re.findall(r"manage\.py ([a-z_]+)", text_of(document))
        if command not in known
    ]
    assert unknown == [], "\n".join(unknown)


def test_the_readme_has_the_demo_accounts():
    """Remedy: copy prima_portal/demo_accounts.py into the table."""
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|$", text_of(ROOT / "README.md"), re.M)
    assert rows == [(account.nip, account.name, account.role) for account in DEMO_ACCOUNTS]
    assert f"`{DEMO_PASSWORD}`" in text_of(ROOT / "README.md")


def models_documented() -> dict[str, str]:
    """Kind of each model in the table of docs/architecture.md, by label."""
    table = text_of(ROOT / "docs" / "architecture.md").split("## Models", 1)[1].split("\n## ", 1)[0]
    found = {}
    for names, kind in re.findall(r"^\| (`[^|]+) \| ([AFM]) \|", table, re.MULTILINE):
        labels = re.findall(r"`([\w.]+)`", names)
        app = labels[0].split(".")[0]
        found |= {f"{app}.{label.split('.')[-1]}": kind for label in labels}
    return found


def test_the_architecture_lists_every_model_with_its_kind():
    """Remedy: the table under "Models"; the lists are in tests/architecture/test_models.py."""
    listed = {
        label: kind
        for kind, labels in KINDS.items()
        for label in labels
        if not label.endswith("History")  # one line speaks of them all
    }
    assert models_documented() == listed


def drawn(heading: str) -> set[tuple[str, str]]:
    """Transitions between stored states in the diagram under a heading."""
    section = text_of(ROOT / "docs" / "architecture.md").split(f"### {heading}\n", 1)[1]
    diagram = section.split("```mermaid", 1)[1].split("```", 1)[0]
    return {
        (before, after)
        for before, after in re.findall(r"^ +(\w+) --> (\w+)", diagram, re.MULTILINE)
    }


def test_the_diagram_of_assessments_draws_what_the_database_allows():
    """Remedy: draw it; the transitions are in assessments/enums.py."""
    assert drawn("Assessment") == {(str(before), str(after)) for before, after in TRANSITIONS}


def test_the_diagram_of_reviews_draws_what_the_database_allows():
    """Remedy: draw it; the trigger is in assessments/models/review.py."""
    assert drawn("Review") == {
        (str(ReviewStatus.OPEN), str(after))
        for after in (ReviewStatus.RETURNED, ReviewStatus.VERIFIED)
    }


@pytest.mark.parametrize(
    "path", sorted((ROOT / "docs" / "adr").glob("[0-9]*.md")), ids=lambda p: p.name
)
def test_decisions_have_their_four_parts(path):
    """Remedy: context, decision, alternatives, consequences; and a line in docs/adr/README.md."""
    headings = re.findall(r"^## (.+)$", text_of(path), re.MULTILINE)
    assert headings == ["Context", "Decision", "Alternatives", "Consequences"]
    assert path.name in text_of(path.parent / "README.md")


def shelf_checked() -> list[str]:
    """Names of modules in the order that import-linter checks, outermost first."""
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))
    contracts = project["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if "containers" in contract)
    return [name.strip(" ()") for layer in layers for name in layer.split("|")]


def test_the_architecture_has_the_shelf_in_the_order_that_is_checked():
    """Remedy: the block under "One way down"; the order is in pyproject.toml."""
    block = text_of(ROOT / "docs" / "architecture.md").split("```\nurls", 1)[1].split("```", 1)[0]
    assert re.findall(r"\w+", f"urls{block}") == [
        name for name in shelf_checked() if name != "apps"
    ]


def test_the_example_environment_lists_every_setting():
    """Remedy: add the name to .env.example with one line that says what it is."""
    settings_files = [ROOT / "prima_portal" / name for name in ("settings.py", "retention.py")]
    read = re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', "".join(map(text_of, settings_files)))
    listed = re.findall(r"^#? ?([A-Z_]+)=", text_of(ROOT / ".env.example"), re.MULTILINE)
    assert set(read) ^ set(listed) == {"MIGRATION_DATABASE_URL"}  # which manage.py reads

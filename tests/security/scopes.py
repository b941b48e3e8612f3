"""What each person may come across, as the policy has it: by relation, then by kind of thing."""

from tests.security.canaries import (
    ADDRESS,
    ANSWERED,
    ATTACHED,
    CORRECTED,
    DRAFTED,
    EARLIER,
    JUDGED,
    MASKED,
    NAME,
    NUMBER,
    REOPENED,
    REPORTED,
    SELF_SCORE,
    VERIFIED_SCORE,
    Canary,
)
from tests.security.cast import (
    ANONYMOUS,
    AUDITOR,
    CURATOR,
    HANDED_IN,
    HEADS,
    INACTIVE,
    MANDATES,
    OPERATOR,
    REVIEWER,
    REVIEWER_EARLIER,
    STAFF,
    everybody,
    invited,
    reviewer_of,
    state_of,
)

SCORES = (SELF_SCORE, VERIFIED_SCORE)
DECIDED = frozenset({"returned", "verified", "final"})
BELOW = {"ani": ("ani", "seksi", "arsip"), "citra": ("citra",)}
ACTING = "indra"


def scope_of(who: str) -> set[Canary]:
    """Every mark that may stand in an answer to this person."""
    if who in (ANONYMOUS, INACTIVE):
        return set()
    return (
        _own(who) | _reviewed(who) | _mandated(who) | _operated(who) | _audited(who) | _curated(who)
    )


def must_see(who: str) -> set[Canary]:
    """What the person has to come across on the way, or the walk proves nothing."""
    seen = {Canary(NAME, who)}
    if state_of(who) in HANDED_IN:
        seen |= {Canary(kind, who) for kind in ANSWERED}
        # While something is to be mended, nothing leads to the score of what was sent back.
        seen |= {Canary(SELF_SCORE, who)} if state_of(who) != "returned" else set()
    for whose in _under(who):
        if state_of(whose) in HANDED_IN:
            seen |= {Canary(kind, whose) for kind in (*ANSWERED, SELF_SCORE)}
    if who in MANDATES:
        whose = "lina" if who == "hasan" else "ani"
        seen |= {Canary(kind, whose) for kind in ("laporan", "perbaikan")}
    if who == OPERATOR:
        seen |= {Canary(NAME, name) for name in everybody()}
    return seen


def _own(who: str) -> set[Canary]:
    """Oneself; and who supervises and supervised, by name."""
    own = {Canary(kind, who) for kind in (NAME, NUMBER, MASKED, ADDRESS, *CORRECTED)}
    own |= {Canary(NAME, of[who]) for of in (REVIEWER, REVIEWER_EARLIER) if who in of}
    for whose in (who, who + EARLIER):
        kinds = (*ANSWERED, *ATTACHED, *DRAFTED, *REPORTED, REOPENED, *SCORES)
        # What the supervisor writes is the person's to read once the review is over, not before.
        kinds += JUDGED if state_of(whose) in DECIDED else ()
        own |= {Canary(kind, whose) for kind in kinds}
    return own


def _reviewed(who: str) -> set[Canary]:
    """Those whom the person reviews today: names, and answers once they are handed in; never drafts."""
    found: set[Canary] = set()
    for whose in _under(who):
        found |= {Canary(kind, whose.removesuffix(EARLIER)) for kind in (NAME, MASKED)}
        if state_of(whose) in HANDED_IN:
            found |= {Canary(kind, whose) for kind in (*ANSWERED, *ATTACHED, *JUDGED, *SCORES)}
    return found


def _mandated(who: str) -> set[Canary]:
    """The personnel office: who reported, what they say, and who heads the units above them."""
    if who not in MANDATES:
        return set()
    units = BELOW[MANDATES[who]]
    people = {name for unit in units for name in STAFF[unit]} - {who}
    kinds = (NAME, NUMBER, *REPORTED, *CORRECTED)
    found = {Canary(kind, name) for name in people for kind in kinds}
    return found | {Canary(NAME, name) for name in (*HEADS.values(), ACTING)}


def _operated(who: str) -> set[Canary]:
    """Operators: people by name, number and address, and nothing that they wrote or scored."""
    if who != OPERATOR:
        return set()
    kinds = (NAME, NUMBER, MASKED, ADDRESS)
    return {Canary(kind, name) for name in (*everybody(), INACTIVE) for kind in kinds}


def _audited(who: str) -> set[Canary]:
    """The auditor: who acted and was acted upon, by name; nothing that they wrote or scored."""
    if who != AUDITOR:
        return set()
    return {Canary(kind, name) for name in (*everybody(), INACTIVE) for kind in (NAME, MASKED)}


def _curated(who: str) -> set[Canary]:
    """Curators: whose established result is to be opened again, why, and who says so."""
    if who != CURATOR:
        return set()
    found = {Canary(REOPENED, "ani-lama"), Canary(MASKED, "ani"), Canary(NAME, "hesti")}
    return found | {Canary(NAME, "ani")}


def _under(who: str) -> list[str]:
    return [whose for whose in invited() if reviewer_of(whose) == who]

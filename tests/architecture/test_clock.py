"""One clock for days: what holds "today" holds by the portal's zone, whoever reads in whichever."""

import ast

from tests.architecture.source import dotted, modules, tree_of

CLOCK = "accounts/clock.py"
IN_THE_READERS_ZONE = {"localdate", "localtime", "make_aware", "get_current_timezone", "today"}
# Where a moment is shown, or typed with its zone named; each with the reason.
ALLOWED = {
    "dashboards/exports.py: timezone.localtime",  # prints the moment with its zone
    "prima_portal/personal_data/archive.py: timezone.localtime",
    "prima_portal/personal_data/reading.py: timezone.localtime",  # likewise
    "assessments/management/commands/open_cycle.py: timezone.make_aware",  # with the portal's zone
}


def test_days_are_asked_of_the_clock():
    """Remedy: `portal_today()`, `portal_day(moment)` or `end_of_portal_day(day)` of accounts.clock."""
    offenders = {
        f"{path}: {dotted(call.func)}"
        for path in modules()
        if str(path) != CLOCK
        for call in ast.walk(tree_of(path))
        if isinstance(call, ast.Call)
        and dotted(call.func).rsplit(".", 1)[-1] in IN_THE_READERS_ZONE
    }
    assert offenders - ALLOWED == set(), "\n".join(sorted(offenders - ALLOWED))

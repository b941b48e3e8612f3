"""The reviewed table: every address × method × relation, with the exact answer."""

from tests.architecture.test_access import walk
from tests.security.rows import Row
from tests.security.tables import assessing, entering, instruments, interface, offices

MATRIX: dict[str, Row] = {
    **entering.PUBLIC,
    **entering.OWN_PAGES,
    **assessing.FILLING,
    **assessing.EVIDENCE,
    **assessing.REVIEWING,
    **assessing.REOPENING,
    **offices.REPORTS,
    **offices.CORRECTIONS,
    **offices.INVITING,
    **offices.UNITS,
    **offices.CYCLES,
    **offices.AUDITING,
    **instruments.CURATING,
    **interface.INTERFACE,
}


def routed() -> set[str]:
    """Names of all addresses but the operators', which have a section of their own."""
    return {
        ":".join([*namespaces, pattern.name or ""])
        for _route, pattern, namespaces in walk()
        if namespaces[:1] != ["admin"]
    }

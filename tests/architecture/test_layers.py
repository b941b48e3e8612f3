"""One way down inside an app: views call one operation, operations change, queries read."""

import ast
import inspect
from importlib import import_module

import pytest

from tests.architecture.source import dotted, functions, is_layer, modules, tree_of
from tests.architecture.test_names import our_views

# Acts of the system alone: a worker or a sweep carries them out, and nobody is to be named.
NOBODY_ACTS = {
    "accounts.operations.deliver_letters",
    "accounts.operations.make_link",
    "accounts.operations.recognize",
    "accounts.operations.send_letter",
    "assessments.operations.announce",
    "assessments.operations.dispatch_pending",
    "assessments.operations.remind_people",
    "assessments.operations.retry_failed",
    "assessments.operations.score_jobs",
    "dashboards.operations.rebuild",
    "dashboards.operations.refresh",
    "dashboards.operations.verify",
    "pillars.operations.announce_upload",
    "pillars.operations.dispatch_uploads",
    "pillars.operations.read_upload",
    "organization.operations.remind_offices",
}
# Acts of people on their own account, who are named by it.
OF_ONESELF = {
    "accounts.operations.accept_code",
    "accounts.operations.ask_for_reset",
    "accounts.operations.change_password",
    "accounts.operations.choose_language",
    "accounts.operations.choose_password",
    "accounts.operations.choose_time_zone",
    "accounts.operations.end_other_sessions",
    "accounts.operations.end_session",
    "accounts.operations.remove_second_factor",
    "accounts.operations.renew_recovery_codes",
    "accounts.operations.set_up_second_factor",
}
# Part of the operations' vocabulary, and no acts of anybody: values that are computed, and the head's
# post, which every unit has whoever asks for it first.
NO_ACTS = {
    "accounts.operations.note_denial",
    "accounts.operations.note_refused_request",
    "accounts.operations.note_sign_in",
    "accounts.operations.unreadable",
    "accounts.operations.forgive",
    "accounts.operations.slow_down",
    "accounts.operations.take_turn",
    "assessments.operations.due_jobs",
    "assessments.operations.hash_of",
    "assessments.operations.plan_cycle",
    "assessments.operations.time_to_redo",
    "organization.operations.ensure_head_post",
}
APPS_WITH_OPERATIONS = ("accounts", "assessments", "dashboards", "organization", "pillars")

# Imports that have to wait, each with its reason.
LATE_IMPORTS = {
    "accounts/apps.py: accounts.operations",  # apps are loaded before models
    "accounts/apps.py: axes.signals",
    "prima_portal/celery.py: logging.config",  # Celery loads the module before settings exist
    # What only a rare page needs would be held by every web process: docs/performance.md.
    "accounts/views/second_factor.py: qrcode",
    "accounts/views/second_factor.py: qrcode.image.svg",
    "accounts/views/single_sign_on.py: accounts.views",
    "assessments/files/evidence.py: PIL",
    "assessments/files/evidence.py: puremagic",
    "exchange/files/sheets.py: xlsxwriter",
    "exchange/files/sheets.py: xlsxwriter.utility",
    "prima_portal/failures.py: sentry_sdk",
    "prima_portal/failures.py: sentry_sdk.integrations.celery",
    "prima_portal/failures.py: sentry_sdk.integrations.django",
    "prima_portal/failures.py: sentry_sdk.integrations.logging",
    "prima_portal/failures.py: sentry_sdk.utils",
}

AROUND_QUERIES = ("all", "exclude", "filter", "raw", "values", "values_list")


def operations():
    for app in APPS_WITH_OPERATIONS:
        module = import_module(f"{app}.operations")
        for name in getattr(module, "__all__", dir(module)):
            found = getattr(module, name)
            is_ours = inspect.isfunction(found) and found.__module__.startswith(module.__name__)
            if is_ours and not name.startswith("_"):
                yield f"{app}.operations.{name}", found


ACTS = dict(operations())


def test_operations_take_facts_by_name():
    """Remedy: `def verb(*, …)`; whoever reads a call reads what each fact is."""
    offenders = []
    for name in sorted(ACTS.keys() - NOBODY_ACTS - NO_ACTS):
        positional = [
            parameter.name
            for parameter in inspect.signature(ACTS[name]).parameters.values()
            if parameter.kind is parameter.POSITIONAL_OR_KEYWORD
        ]
        if positional:
            offenders.append(f"{name}: {positional}")
    assert offenders == [], "\n".join(offenders)


def test_operations_say_who_acts():
    """Remedy: a keyword `by`, recorded with the act; or NOBODY_ACTS above."""
    silent = [
        name
        for name, act in ACTS.items()
        if "by" not in inspect.signature(act).parameters
        and name not in NOBODY_ACTS | OF_ONESELF | NO_ACTS
    ]
    assert silent == [], "\n".join(silent)


def test_lists_of_exceptions_name_what_exists():
    """Remedy: drop the name."""
    assert (NOBODY_ACTS | OF_ONESELF | NO_ACTS) - ACTS.keys() == set()


def test_views_carry_out_one_operation():
    """Remedy: one act that does both, in operations; a view that calls two can stop between them."""
    acts = {name.rsplit(".", 1)[1] for name in ACTS.keys() - NO_ACTS}
    offenders = []
    for view in our_views():
        called = sorted(
            {
                dotted(call.func).removeprefix("operations.")
                for call in ast.walk(view.node)
                if isinstance(call, ast.Call)
            }
            & acts
        )
        if len(called) > 1:
            offenders.append(f"{view.path}: {view.name} calls {', '.join(called)}")
    assert offenders == [], "\n".join(offenders)


def test_views_read_through_queries():
    """Remedy: a function in queries, or `Model.objects.visible_to(user)` / `.of(user)`.

    A view that filters a table itself is a way around the rules of who sees what.
    """
    offenders = [
        f"{path}:{call.lineno}: {dotted(call.func)}"
        for path in modules()
        if is_layer(path, "views")
        for call in ast.walk(tree_of(path))
        if isinstance(call, ast.Call)
        and ".objects." in dotted(call.func)
        and dotted(call.func).split(".objects.", 1)[1].split(".")[0] in AROUND_QUERIES
    ]
    assert offenders == [], "\n".join(offenders)


def test_imports_stand_at_the_top():
    """Remedy: move it to the top; where it cannot, list it in LATE_IMPORTS with the reason."""
    late = {
        f"{path}: {getattr(node, 'module', None) or node.names[0].name}"
        for path in modules()
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert sorted(late - LATE_IMPORTS) == []


@pytest.mark.parametrize("layer", ["scoring", "rollup", "suppression"])
def test_arithmetic_has_no_floats(layer):
    """Remedy: Decimal or Fraction; a score that depends on binary rounding cannot be checked by hand."""
    offenders = [
        f"{path}:{node.lineno}"
        for path in modules()
        if is_layer(path, layer)
        for node in ast.walk(tree_of(path))
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Call) and dotted(node.func) == "float")
    ]
    assert offenders == [], "\n".join(offenders)

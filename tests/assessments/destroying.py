"""Destroying by schedule, and what is left afterwards: for every test of it."""

from django.apps import apps

from assessments.operations import destroy_expired

TABLES = (
    "Answer",
    "Assessment",
    "Evidence",
    "Rating",
    "Review",
    "Score",
    "ScoringJob",
    "Submission",
    "SupervisorReport",
)
HISTORIES = ("Answer", "Assessment", "Rating", "Review", "Score", "Submission", "SupervisorReport")


def history(name):
    """The history lines of one model."""
    return apps.get_model(f"assessments.{name}History").objects


def what_is_left():
    """How many rows and history lines of assessments there are, by table; empty ones left out."""
    rows = {name: apps.get_model(f"assessments.{name}").objects.count() for name in TABLES}
    rows |= {f"{name}History": history(name).count() for name in HISTORIES}
    return {name: number for name, number in rows.items() if number}


def destroyed():
    """Destroy what is due now; returns kind, cycle and number of assessments of each destruction."""
    outcome = destroy_expired(by=None)
    return [(each.kind, each.cycle, each.subjects) for each in outcome.destructions]

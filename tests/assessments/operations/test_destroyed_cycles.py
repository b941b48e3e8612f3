"""What a cycle can still do once its people's data were destroyed."""

import pytest
from django.core.management import CommandError, call_command

from assessments.errors import CycleDestroyed, CycleRefused
from assessments.operations import destroy_expired, reschedule
from dashboards.models import UnitSnapshot
from dashboards.operations import rebuild, refresh
from dashboards.operations import verify as verify_figures
from tests.aging import let_pass


def test_unit_figures_stay_and_are_not_computed_anew(verified, capsys):
    before = list(UnitSnapshot.objects.order_by("pk").values())
    let_pass(6)
    destroy_expired(by=None)
    cycle = verified.cycle
    for act in (verify_figures, rebuild):
        with pytest.raises(CycleDestroyed, match="telah dimusnahkan menurut jadwal pada"):
            act(cycle=cycle)
    assert refresh(cycle=cycle) == 0
    for command in ("verify_dashboards", "rebuild_dashboards"):
        call_command(command, cycle.code)
        assert "telah dimusnahkan menurut jadwal pada" in capsys.readouterr().out
    assert list(UnitSnapshot.objects.order_by("pk").values()) == before


def test_a_destroyed_cycle_is_not_opened_again(verified):
    let_pass(6)
    destroy_expired(by=None)
    verified.cycle.refresh_from_db()
    with pytest.raises(CycleRefused, match="telah dimusnahkan"):
        reschedule(cycle=verified.cycle, closes_at=verified.cycle.closes_at, by=None)


def test_its_statistics_say_that_there_is_nothing_to_count(verified):
    let_pass(6)
    destroy_expired(by=None)
    with pytest.raises(CommandError, match="telah dimusnahkan menurut jadwal pada"):
        call_command("reliability", verified.cycle.code)

"""Processor time of processes, medians of interleaved cases, and the table they are printed in."""

import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path


def cpu_seconds(pid: int) -> float:
    """Processor time that a process and all its threads have used, to the nanosecond."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def tree_cpu_seconds(pid: int) -> float:
    """Processor time of a process and its descendants, those included that have ended and were waited for."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    spent = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return spent + sum(tree_cpu_seconds(int(child)) for child in children)


def peak_megabytes(pid: int) -> float:
    """The most memory that a process, or one of its children that still live, has had resident.

    Not `ru_maxrss`, which remembers the process from which this program was started.
    """
    status = Path(f"/proc/{pid}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return max(
        int(line.split()[1]) / 1024, *(peak_megabytes(int(child)) for child in children), 0.0
    )


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of one act: of the portal's process, of its database session, and on the wall."""

    portal: float
    database: float
    wall: float

    @property
    def cpu(self) -> float:
        """Processor seconds of portal and database together."""
        return self.portal + self.database


def shares(cost: Cost, among: int = 1) -> str:
    """How the milliseconds of processor time divide, of one out of many."""
    portal, database = (part * 1000 / among for part in (cost.portal, cost.database))
    return f"portal {portal:.3g}, database {database:.3g}"


@dataclass(frozen=True, slots=True)
class Meter:
    """Measures what `pids` of the portal and of the database spend while something is done."""

    portal: Callable[[], Iterable[int]]
    database: Callable[[], Iterable[int]]

    def measure(self, act: Callable[[], object]) -> Cost:
        """Do it once."""
        before = self._read()
        act()
        return Cost(*(after - start for after, start in zip(self._read(), before, strict=True)))

    def _read(self) -> tuple[float, float, float]:
        return (
            sum(map(cpu_seconds, self.portal())),
            sum(map(cpu_seconds, self.database())),
            time.perf_counter(),
        )


def interleaved(
    meter: Meter, cases: Mapping[str, Callable[[], object]], *, rounds: int, warm_up: int = 5
) -> dict[str, Cost]:
    """Median cost of each case, all taken in turns: what disturbs one disturbs all."""
    taken: dict[str, list[Cost]] = {name: [] for name in cases}
    for turn in range(rounds + warm_up):
        for name, act in cases.items():
            cost = meter.measure(act)
            if turn >= warm_up:
                taken[name].append(cost)
    return {name: median(costs) for name, costs in taken.items()}


def median(costs: list[Cost]) -> Cost:
    """The median of each part."""
    return Cost(
        *(
            statistics.median(getattr(cost, part) for cost in costs)
            for part in ("portal", "database", "wall")
        )
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `limit` is the target in the unit of `value`; `at_least` turns it round."""

    what: str
    value: float
    unit: str
    limit: float | None = None
    at_least: bool = False
    remark: str = ""

    @property
    def verdict(self) -> str:
        """Whether the target is met."""
        if self.limit is None:
            return ""
        met = self.value >= self.limit if self.at_least else self.value <= self.limit
        return "met" if met else "MISSED"

    def line(self) -> str:
        """The row as Markdown."""
        sign = "≥" if self.at_least else "≤"
        target = "" if self.limit is None else f"{sign} {self.limit:g}"
        value = f"{self.value:,.3g}" if self.value < 1_000 else f"{self.value:,.0f}"
        return f"| {self.what} | {value} {self.unit} | {target} | {self.verdict} | {self.remark} |"

    def to_json(self) -> dict[str, object]:
        """The row for a program."""
        return {**asdict(self), "verdict": self.verdict}


def machine() -> dict[str, object]:
    """Where this ran, and how busy it was: figures of two runs do not compare."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = {line.partition(": ")[2] for line in lines if line.startswith("model name")}
    return {
        "cores": os.cpu_count(),
        "processor": ", ".join(sorted(names)),
        "memory_gigabytes": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9),
        "python": platform.python_version(),
        "load_average": [round(load, 1) for load in os.getloadavg()],
    }

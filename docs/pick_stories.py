"""Picks the six runs that docs/stories.md tells and writes its commands; `make_stories.py` fills in
what they print.

    python docs/pick_stories.py              # or: make docs

A run stays as long as it still shows what its heading says; else the first one that does so takes
its place. The runs are examples, and no evidence of how often such things happen.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sim import Scenario
from sim.explain import Trace, trace_run

PAGE = Path(__file__).resolve().parent / "stories.md"
SEED = 2025
#: Runs looked through at most, and the latest week in which what is to be shown may happen.
MOST_RUNS, LATEST = 4000, 10
#: Weeks told at most.
LONGEST = 6

#: From a run to the week in which it shows what is wanted; None if it does not.
Shown = Callable[[Trace], int | None]


def disputed_over(cause: str) -> Shown:
    """A dispute of the first weeks whose trigger has a cause."""

    def shown(trace: Trace) -> int | None:
        trigger = trace.outcome.trigger
        found = trigger is not None and trigger.cause == cause
        return trace.outcome.undisputed_week if found else None

    return shown


def answered_by_a_package(trace: Trace) -> int | None:
    """The US answers a severe, lasting shortage with two measures or more in one week."""
    for week in trace.weeks:
        pulled = [c for c in week.changes if c.who == "us" and c.why == "retaliation"]
        seen = week.us.acted_on
        if len(pulled) > 1 and seen is not None and seen.denied and not seen.violated:
            return week.number
    return None


def refused(trace: Trace) -> int | None:
    """China refuses licences."""
    rows, names = trace.compiled.params.levers, trace.compiled.levers
    top = {name: int(row.notches) for name, row in zip(names, rows, strict=True)}
    for week in trace.weeks:
        if any(c.after > top[c.lever] for c in week.changes if c.why == "retaliation"):
            return week.number
    return None


def held_through_a_dispute(trace: Trace) -> int | None:
    """A dispute of the first weeks in a truce that stands to the end."""
    outcome = trace.outcome
    lasting = outcome.standing_week is None and outcome.lapse_week is None
    return outcome.undisputed_week if lasting else None


@dataclass(frozen=True)
class Story:
    """A story of the page: its heading, a sentence on it, the scenario, what it must show."""

    heading: str
    words: str
    scenario: str
    shown: Shown

    def week(self, run: int) -> int | None:
        """The week in which a run shows it early enough to be told; None if it does not."""
        found = self.shown(trace_run(Scenario.load(self.scenario), SEED, run))
        return found if found is not None and 2 <= found <= LATEST else None

    def pick(self, told: int | None) -> tuple[int, int]:
        """The run to tell, the one `told` now if it will do, and its week."""
        for run in (*([] if told is None else [told]), *range(MOST_RUNS)):
            week = self.week(run)
            if week is not None:
                return run, week
        raise LookupError(f"{self.heading}: no such run among {MOST_RUNS}")

    def command(self, run: int, week: int) -> str:
        """What tells the run around that week."""
        first = max(1, week + 2 - LONGEST)
        return f"detente explain {self.scenario} --run {run} --weeks {first}-{week + 1}"


STORIES = (
    Story(
        "Slow by capacity",
        "The licence office is small. Washington takes its queue for bad faith and answers it.",
        "geneva-2025-capacity",
        disputed_over("slow_licences"),
    ),
    Story(
        "Slow by design",
        "The office could do more and is kept tight. What Washington sees is much the same.",
        "geneva-2025-design",
        disputed_over("slow_licences"),
    ),
    Story(
        "An agency slips",
        "Nobody in charge wanted this dispute.",
        "geneva-2025",
        disputed_over("slip"),
    ),
    Story(
        "A shortage answered by a package",
        "A severe, lasting shortage counts as grave as the measure behind it could be: the answer "
        "is several measures in one week.",
        "geneva-2025",
        answered_by_a_package,
    ),
    Story(
        "A refusal",
        "Beijing, hit, gives out no licences at all.",
        "geneva-2025",
        refused,
    ),
    Story(
        "A truce that holds through a dispute",
        "Both sides are in violation for weeks, and the truce stands to the end.",
        "geneva-2025",
        held_through_a_dispute,
    ),
)
HEAD = """\
# Six stories

Single runs of the Geneva truce, as `detente explain` prints them
([how to read them](howto-explain.md), [words](glossary.md)). Each shows one thing that can happen;
how often it does is what `detente run` says. `make docs` picks the runs and writes the page: the
first run of seed 2025 that shows it by week 10.
"""
COMMAND = re.compile(r"^## (.*)\n(?:.*\n)*?detente explain \S+ --run (\d+) .*\n", re.MULTILINE)


def told(text: str) -> dict[str, int]:
    """The runs that a page tells, by heading."""
    return {heading: int(run) for heading, run in COMMAND.findall(text)}


def page(text: str) -> str:
    """The page with its commands, and no output yet."""
    now = told(text)
    parts = [HEAD]
    for story in STORIES:
        command = story.command(*story.pick(now.get(story.heading)))
        block = f"```sh\n{command}\n```\n\n```text\n```\n"
        parts.append(f"## {story.heading}\n{story.words}\n\n{block}")
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8") if PAGE.exists() else ""), encoding="utf-8")

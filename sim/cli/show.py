"""`detente show`: what scenarios and policies there are, and everything that is in one."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim.cli.complete import shown_keys, shown_names
from sim.cli.failure import refuse
from sim.cli.finding import EXPERIMENT, SCENARIO, named
from sim.cli.options import Command, argument, flag
from sim.cli.telling import out, print_json
from sim.errors import Problem, ScenarioError, nearest

if TYPE_CHECKING:
    from sim.policies import Policy
    from sim.scenario import Scenario


@dataclass
class Show(Command):
    """Show every value with unit, range, source and the file that set it; or a policy in words."""

    name: str | None = argument(
        "A file or a name.", shown_names, metavar="[SCENARIO|POLICY]", default=None
    )
    key: str | None = argument(
        "Only this key and what is below it.", shown_keys, metavar="[KEY]", default=None
    )
    schema: bool = flag("--schema", "Print the JSON Schema of scenario files, or of: experiment.")
    json: bool = flag("--json", "Print as JSON.")

    def _act(self) -> None:
        from sim.policies import POLICIES

        if self.schema:
            _schema(self.name or SCENARIO)
        elif self.name is None:
            _everything(self.json)
        elif self.name in POLICIES:
            _policy(POLICIES[self.name], self.key, self.json)
        else:
            _scenario(_load(self.name), self.key, self.json)


def _schema(kind: str) -> None:
    from sim.scenario import json_schema as of_scenarios
    from sim.studies import schema as of_experiments

    schemas = {SCENARIO: of_scenarios.json_schema, EXPERIMENT: of_experiments.json_schema}
    if kind not in schemas:
        allowed = " or ".join(schemas)
        refuse(Problem("--schema", None, "", kind, allowed, nearest(kind, schemas)))
    print_json(schemas[kind]())


def _load(name: str) -> "Scenario":
    """The scenario meant; its error also knows the names of policies."""
    from sim.policies import POLICIES
    from sim.scenario import Scenario

    try:
        with named(name, SCENARIO):
            return Scenario.load(name)
    except ScenarioError as error:
        problem = error.problems[0]
        if len(error.problems) > 1 or problem.found != "no such file":
            raise
        guess = nearest(name, POLICIES) or problem.nearest
        allowed = "a scenario file, or a scenario or policy that `detente show` lists"
        refuse(replace(problem, allowed=allowed, nearest=guess))


def _everything(json: bool) -> None:
    from sim.policies import POLICIES
    from sim.scenario.loading import label, list_shipped

    scenarios = [{"name": s.name, "title": s.title, "file": label(s.path)} for s in list_shipped()]
    policies = [
        {"name": p.name, "summary": p.summary, "source": p.source} for p in POLICIES.values()
    ]
    if json:
        print_json({"scenarios": scenarios, "policies": policies})
        return
    from sim.cli.listing import names_table

    titles = [(row["name"], row["title"]) for row in scenarios]
    rows = [tuple(row.values()) for row in policies]
    out().print(names_table("Scenarios", ("name", "title"), titles))
    out().print(names_table("Policies", ("name", "what it does", "source"), rows))


def _policy(policy: "Policy", key: str | None, json: bool) -> None:
    from sim.cli import listing

    names = [parameter.name for parameter in policy.parameters]
    if key is not None and key not in names:
        allowed = ", ".join(names) or "no parameters"
        refuse(Problem(policy.name, None, key, "no such parameter", allowed, nearest(key, names)))
    if json:
        print_json(listing.policy_record(policy, key))
        return
    console = out()
    console.print(f"{policy.name}: {policy.summary}\nSource: {policy.source}")
    if names:
        console.print(listing.parameters_table(policy, key))
    if key is None:
        listing.print_machine(console, policy.build(), "at its defaults" if names else "")


def _scenario(scenario: "Scenario", key: str | None, json: bool) -> None:
    from sim.cli import listing

    entries = [e for e in scenario.entries() if key is None or _below(e.path, key)]
    if not entries and key is not None:
        _search(scenario, key, json)
        return
    if json:
        idle = scenario.inert()
        print_json([listing.entry_record(e) | {"inert": idle.get(e.path)} for e in entries])
        return
    console = out()
    listing.print_entries(console, scenario, entries)
    if key is None and scenario.knowledge is not None:
        listing.print_knowledge(console, scenario.knowledge)
    listing.print_inert(console, scenario, entries)
    if len(entries) == 1:
        console.print(f"{entries[0].path}: {entries[0].meaning}")
    for side in scenario.sides.ids:
        if key is not None and _below(f"actors.{side}.policy", key):
            from sim.scenario.compile_actors import machine_of

            listing.print_machine(console, machine_of(scenario.spec, side), f"of {side}")


def _search(scenario: "Scenario", text: str, json: bool) -> None:
    """The values in whose name, value or meaning the words occur; refuses where none has them."""
    from sim.cli import listing

    words, hits = listing.search(text, scenario.entries())
    if "." in text or not hits:  # with a dot it was meant as a key path
        prefixes = listing.prefixes(e.path for e in scenario.entries())
        allowed = "a key path, its beginning, or words of its name, value or meaning"
        found = "no such key, and no value with these words"
        refuse(Problem(scenario.name, None, text, found, allowed, nearest(text, prefixes)))
    if json:
        print_json([listing.entry_record(hit) for hit in hits])
        return
    console, more = out(), len(hits) - listing.MOST_HITS
    console.print(f"{scenario.name}: no key {text}; values with {words!r} in name or meaning:")
    console.print(listing.hits_table(hits[: listing.MOST_HITS]))
    if more > 0:
        console.print(f"and {more} more; --json lists them all")


def _below(path: str, key: str) -> bool:
    """Whether a path is the key or lies below it."""
    return path == key or path.startswith(key + ".")

"""Tables made beside those of a neighbour are, to the byte, the tables made alone."""

import pytest

from sim.outcomes.spread import design, varied, whole_paths
from sim.scenario import Scenario
from sim.scenario.compile import compile_scenario
from sim.scenario.loading import list_shipped
from sim.scenario.records import Parts
from sim.studies.experiment import Experiment
from sim.studies.reading import read_experiment


def same(beside, alone):
    assert beside.params._fields == alone.params._fields
    pairs = zip(beside.params, alone.params, strict=True)
    for name, (one, two) in zip(beside.params._fields, pairs, strict=True):
        assert (one.dtype, one.shape) == (two.dtype, two.shape), name
        assert one.tobytes() == two.tobytes(), name
    for name in ("levers", "allies", "shocks", "deals", "states", "start", "weeks"):
        assert getattr(beside, name) == getattr(alone, name), name


def check(name, step):
    world = Scenario.load(name)
    under = next(iter(world.readings.values()), world)
    believed = varied(under, ())
    if not believed:
        return
    ends = design(believed, whole_paths(under), 4, 7)
    for path in list(believed)[::step]:
        for point in ends[:2]:
            changed = under.with_values({path: point[path]})
            same(changed.compiled, compile_scenario(changed.spec))
    for point in ends:
        changed = under.with_values(point)
        same(changed.compiled, compile_scenario(changed.spec))
        same(changed.unfollowed, compile_scenario(changed.spec, followed=False))


@pytest.mark.parametrize("name", ["geneva-2025", "textbook/tft-noise"])
def test_beside_a_neighbour_or_alone_the_tables_are_the_same_bytes(name):
    check(name, 9)


@pytest.mark.slow
@pytest.mark.parametrize("name", [shipped.name for shipped in list_shipped()])
def test_so_they_are_for_every_parameter_of_every_shipped_scenario(name):
    check(name, 1)


def test_the_points_of_an_experiment_share_what_no_factor_touches(tmp_path):
    file = tmp_path / "few.toml"
    file.write_text(
        '# Does it share?\nscenario = "geneva-2025"\nruns = 10\n'
        'design = { kind = "latin_hypercube", points = 5 }\n'
        '[[factors]]\npath = "levers.cn.rare_earths.capacity"\nlow = 0.1\nhigh = 1.0\n'
        '[[factors]]\npath = "actors.us.policy.generosity"\nlow = 0.0\nhigh = 1.0\n'
        '[[factors]]\npath = "actors.us.slip"\nlow = 0.0\nhigh = 0.1\n'
    )
    study: Experiment = read_experiment(file)
    for point in study.points():
        world = study.scenario_at(point)
        found = study.compiled_at(point)
        same(found, compile_scenario(world.spec, followed=False))
        before = world.beside.unfollowed.made
        kept = {name for name, made in found.made.items() if made[1] is before[name][1]}
        assert {("machine", "cn"), "shocks", "decay", "calendar"} <= kept
        assert not {"levers", ("machine", "us"), "moves"} & kept
        rows = zip(before["lever rows"][1], found.made["lever rows"][1], strict=True)
        changed = [
            name for name, (was, now) in zip(found.levers, rows, strict=True) if was is not now
        ]
        assert changed == ["cn.rare_earths"]


def test_a_part_is_kept_only_for_the_same_inputs():
    made = []

    def make(*inputs):
        made.append(inputs)
        return list(inputs)

    first = Parts()
    shared = [1.5]
    part = first.part("a", make, shared, "x", {"y": 1})
    assert Parts(first.made).part("a", make, shared, "x", {"y": 1}) is part
    for other in (([1.5], "x", {"y": 1}), (shared, "z", {"y": 1}), (shared, "x"), (shared, 1, {})):
        assert Parts(first.made).part("a", make, *other) is not part
    assert len(made) == 5
    zero = Parts()
    below = zero.part("b", make, 0.0)
    assert Parts(zero.made).part("b", make, -0.0) is not below


def test_of_many_things_only_the_new_are_made_again():
    made = []

    def make(thing, common):
        made.append(thing)
        return [thing, common]

    first = Parts()
    things = ([1.5], [2.5], [3.5])
    parts = first.each("a", make, things, ["x"] * 3)
    assert made == list(things)
    changed = (things[0], [2.5], things[2])
    again = Parts(first.made).each("a", make, changed, ["x"] * 3)
    assert (again, made[3:]) == (parts, [[2.5]])
    assert [one is two for one, two in zip(parts, again, strict=True)] == [True, False, True]
    for others, common in ((things[:2], "x"), (things, "y")):
        found = Parts(first.made).each("a", make, others, [common] * len(others))
        assert not any(one is two for one, two in zip(parts, found, strict=False))

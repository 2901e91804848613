"""The schema of experiment files, as it is printed for editors."""

import json
import tomllib

import jsonschema
import pytest

from sim.errors import ExperimentError
from sim.studies.reading import shipped_experiments
from sim.studies.schema import json_schema
from tests.studies.experiments import CAPACITY, GRID, HEAD, SLIP, experiment

TWO = SLIP + CAPACITY
ALLOWED = (
    GRID,
    HEAD + 'design = "list"\nkeep = "runs"\n' + CAPACITY + "values = [0.1, 1.0]\n",
    HEAD + 'design = { kind = "list", rows = [[0.1, 1.0]] }\n' + TWO,
    HEAD + 'design = { kind = "sobol", points = 8 }\n' + SLIP + "distribution = [0.0, 0.1]\n",
    HEAD
    + 'design = { kind = "sobol", points = 8 }\n'
    + SLIP
    + "distribution = { beta = [1, 9] }\n",
    HEAD + "until = 0.01\nmost_runs = 2000\n" + SLIP + "choices = { few = 0.1 }\n",
)
REFUSED = (
    'runs = 200\n[[factors]]\npath = "a"\n',
    HEAD,
    HEAD + "factors = []\n",
    HEAD + "factors = [3]\n",
    GRID.replace("200", "0"),
    GRID.replace("seed", "sead"),
    GRID.replace("steps = 3", "steps = 1"),
    HEAD + 'keep = "rnus"\n' + SLIP + "values = [1]\n",
    HEAD + 'design = "sobol"\n' + SLIP + "low = 0.0\nhigh = 0.1\n",
    HEAD + 'design = { kind = "grid", points = 4 }\n' + SLIP + "values = [1]\n",
)


@pytest.fixture(scope="module")
def by_the_schema():
    jsonschema.Draft202012Validator.check_schema(json_schema())
    return jsonschema.Draft202012Validator(json_schema())


def as_json(text):
    return json.loads(json.dumps(tomllib.loads(text), default=str))


@pytest.mark.parametrize("name", shipped_experiments())
def test_every_shipped_experiment_is_valid_by_the_schema_that_is_printed(name, by_the_schema):
    by_the_schema.validate(as_json(shipped_experiments()[name].read_text(encoding="utf-8")))


@pytest.mark.parametrize("text", ALLOWED)
def test_what_is_read_is_valid_by_it(text, by_the_schema, tmp_path):
    experiment(tmp_path, text)
    by_the_schema.validate(as_json(text))


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_refused_for_its_structure_is_invalid_by_it(text, by_the_schema, tmp_path):
    with pytest.raises(ExperimentError):
        experiment(tmp_path, text)
    with pytest.raises(jsonschema.ValidationError):
        by_the_schema.validate(as_json(text))

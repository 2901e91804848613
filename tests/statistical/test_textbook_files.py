"""Every file of scenarios/textbook gives the numbers that it says theory gives for it.

The table below holds, for each file, what its description tells: (measure, week, exact value).
Shares are of 20,000 runs (6,000 for the long run) within four standard errors; certain values
must be exact. "Long run" is week 260, where every one of these chains has forgotten its start.
"""

import math

import pytest

from sim.scenario.loading import find_scenario
from tests.statistical.exact import RUNS, assert_share, cooperation, played, textbook

LONG_RUN, LONG_RUNS = 260, 4_000
US, CN = "cooperation us", "cooperation cn"

FILES = {
    "constant-hazard": [("standing", 13, 0.513342), ("standing", 26, 0.263520), ("clean", 26, 1.0)],
    "contrite-noise": [("standing", 13, 0.922830), ("standing", 26, 0.848528), (US, 260, 10 / 11)],
    "contrite-perception": [("standing", 13, 0.817459), (US, 260, 0.5)],
    "delay": [("standing", 13, 0.858558), ("standing", 26, 0.634926)],
    "firm-but-fair-noise": [(US, 260, 0.725)],
    "firm-but-fair-perception": [(US, 260, 0.671835)],
    "generous-tf2t-noise": [
        ("standing", 13, 0.966469),
        ("standing", 26, 0.933792),
        (US, 260, 0.948277),
    ],
    "grim-noise": [("standing", 13, 0.294619), ("clean", 13, 0.263520), ("clean", 26, 0.069443)],
    "grim-perception": [("standing", 13, 0.324527)],
    "gtft-noise": [("standing", 13, 0.903904), ("standing", 26, 0.805613), (US, 260, 7 / 8)],
    "gtft-perception": [(US, 260, 11 / 12)],
    "one-sided-alarm": [("standing", 13, 0.147881), ("standing", 26, 0.010808), (US, 260, 1 / 11)],
    "quiet": [("standing", 26, 1.0), ("clean", 26, 1.0), ("core", 26, 1.0)],
    "second-signal": [("clean", 14, 0.654395)],
    "tf2t-noise": [("standing", 13, 0.965826), ("standing", 26, 0.932435), (US, 260, 0.947192)],
    "tf2t-perception": [("standing", 13, 0.999723), (US, 260, 0.996880)],
    "tft-noise": [
        ("standing", 13, 0.796822),
        ("standing", 26, 0.554387),
        ("clean", 13, 0.263520),
        ("clean", 26, 0.069443),
        (US, 13, 0.627093),
    ],
    "tft-perception": [("standing", 13, 0.817459), ("standing", 26, 0.570665)],
    "two-readers": [(US, 260, 346 / 3211), (CN, 260, 386 / 3211)],
    "wsls-noise": [("standing", 13, 0.295653), ("standing", 26, 0.078241), (US, 260, 0.8645)],
    "wsls-perception": [("standing", 13, 0.327487), (US, 260, 0.8645)],
    # their class is pinned in tests/games/test_classify.py
    "prisoners-dilemma": [("standing", 26, 1.0), ("clean", 26, 1.0)],
    "chicken": [("standing", 26, 1.0), ("clean", 26, 1.0)],
    "stag-hunt": [("standing", 26, 1.0), ("clean", 26, 1.0)],
    "deadlock": [("standing", 26, 1.0), ("clean", 26, 1.0)],
    "always-slip": [("standing", 1, 0.0), ("clean", 1, 0.0)],
}
#: Of every kind one: no noise, either noise, both readings, delay, a matrix of payoffs.
EVERYDAY = ("quiet", "tft-noise", "wsls-perception", "two-readers", "delay", "chicken")
#: Tested one by one below.
OTHERS = {
    "base",
    "belief-counting",
    "licence-queue",
    "poisson-queue",
    "public-trigger",
    "zd-equalizer",
    "zd-extortion",
}


@pytest.mark.parametrize("name", EVERYDAY)
def test_the_file_gives_its_numbers(name):
    assert_numbers(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(FILES.keys() - EVERYDAY))
def test_the_file_gives_its_numbers_too(name):
    assert_numbers(name)


def assert_numbers(name):
    early = [claim for claim in FILES[name] if claim[1] < LONG_RUN]
    late = [claim for claim in FILES[name] if claim[1] == LONG_RUN]
    for claims, paths, runs in ((early, {}, RUNS), (late, {"weeks": LONG_RUN}, LONG_RUNS)):
        if claims:
            result = played(textbook(name, paths=dict(paths)), runs)
            for measure, week, exact in claims:
                assert_share(measured(result, measure, week), exact, runs)


def measured(result, measure, week):
    if measure in (US, CN):
        return cooperation(result, week, (US, CN).index(measure))
    return result.at(measure, week).p


def test_every_file_has_its_numbers():
    """A new textbook scenario without an entry here fails."""
    folder = find_scenario("textbook/quiet").parent
    assert {path.stem for path in folder.glob("*.toml")} == set(FILES) | OTHERS


def test_always_slip_violates_on_both_sides_in_every_week():
    frame = played(textbook("always-slip"), 200).conduct
    assert (frame[frame["pair"] == "both bad"]["count"] == 200).all()


def test_grim_under_misperception_never_cooperates_again():
    result = played(textbook("grim-perception", paths={"weeks": LONG_RUN}), LONG_RUNS)
    assert cooperation(result, LONG_RUN) < 1e-3


def means(result, variable, who):
    """Mean of a band by week."""
    bands = result.bands
    return bands[(bands["variable"] == variable) & (bands["who"] == who)]["mean"].tolist()


def test_belief_counting():
    """V21: no luck, so the same in every run: 1 - .824580 at the end of week 11."""
    belief = means(played(textbook("belief-counting"), 10), "belief", "us")
    assert belief[10] == pytest.approx(1 - 0.824580, abs=1e-6)


def test_licence_queue():
    """V20: no luck, so exact: flow, the weeks in which the backlog drains, the first shortage."""
    result = played(textbook("licence-queue"), 10)
    flow = means(result, "flow", "cn.office")
    assert flow == [0.25] * 9 + [1.5] * 13 + [1.25] + [1.0] * 7
    shortage = means(result, "shortage", "us")
    assert next(week for week, x in enumerate(shortage, start=1) if x > 0) == 5


def test_poisson_queue():
    """V20: the whole demand is served in the long run, and the office is idle now and then.

    Mean flow of week 520 over 6,000 runs is 1 within four standard errors; a flow of 10/9, the
    capacity, comes in all weeks but those in which fewer than ten wait.
    """
    result = played(textbook("poisson-queue"), LONG_RUNS)
    flow = means(result, "flow", "cn.office")[519]
    assert abs(flow - 1.0) <= 4 * math.sqrt(1 / 9) / math.sqrt(LONG_RUNS)


def test_public_trigger():
    """V15: both good in .791774 of the weeks in the long run; n = 6,000."""
    frame = played(textbook("public-trigger"), LONG_RUNS).conduct
    row = frame[(frame["week"] == LONG_RUN) & (frame["pair"] == "both good")]
    assert_share(row["count"].iloc[0] / LONG_RUNS, 0.791774, LONG_RUNS)


@pytest.mark.parametrize(
    ("name", "us", "cn"),
    [("zd-extortion", 41 / 11, 21 / 11), ("zd-equalizer", 2.214286, 7 / 3)],
)
def test_zero_determinant(name, us, cn):
    """V08, V09: mean payoff a week of 1,000 runs of 520 weeks.

    Four standard errors, and .004 for the first weeks, which are not yet the long run.
    """
    frame = played(textbook(name), 1000).payoffs
    for who, exact in (("us", us), ("cn", cn)):
        row = frame[(frame["who"] == who) & (frame["measure"] == "payoff")].iloc[0]
        assert abs(row["mean"] - 520 * exact) <= 4 * row["se"] + 520 * 0.004

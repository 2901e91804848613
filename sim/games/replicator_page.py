"""The page of replicator dynamics: where the shares end, and where they would rest."""

from sim.games.dynamics import Dynamics
from sim.games.tournament import Game
from sim.report.content import NAME, TEXT, Report, Section, columns


def replicator_report(game: Game, result: Dynamics) -> Report:
    """The report of dynamics between the policies of a tournament."""
    content = result.content()
    ends = tuple(
        (
            row["population"],
            row["policy"],
            f"{row['share']:.4f}",
            f"{row['low']:.4f} to {row['high']:.4f}",
        )
        for row in content["ends"]
    )
    title = f"Shares from equal ones, after time {result.path.times[-1]:.4g}"
    heads = columns(("population", NAME), ("policy", NAME), "share", "95 % over resampled runs")
    sections = [Section(title, (), heads, ends)]
    if result.rests:
        rests = tuple(
            (
                " + ".join(f"{share:.6f} {name}" for name, share in point["mix"].items()),
                "yes" if point["stable"] else "no",
            )
            for point in content["rest_points"]
        )
        heads = columns(("mix", TEXT), ("stable", NAME))
        sections += [Section("Rest points (exact for these mean payoffs)", (), heads, rests)]
    lead = ("replicator dynamics, a teaching device",)
    return Report(game.world.title, lead, (), tuple(sections), game.content() | content)

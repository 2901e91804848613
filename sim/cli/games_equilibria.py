"""`detente games SCENARIO equilibria`."""

import typer

from sim.cli.failure import ends_well


@ends_well
def equilibria(ctx: typer.Context) -> None:
    """Work in progress."""
    typer.echo(f"{ctx.obj}")

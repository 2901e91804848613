"""`detente games SCENARIO tournament`."""

import typer

from sim.cli.failure import ends_well


@ends_well
def tournament(ctx: typer.Context) -> None:
    """Work in progress."""
    typer.echo(f"{ctx.obj}")

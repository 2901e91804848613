"""Results played again from their own manifests, table held against table: `again`."""

from sim.reproduce.again import Reproduced, Table, reproduce

__all__ = ["Reproduced", "Table", "reproduce"]

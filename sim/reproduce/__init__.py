"""Results played again from their own manifests, and every table held against the new one."""

from sim.reproduce.again import Reproduced, Table, reproduce

__all__ = ["Reproduced", "Table", "reproduce"]

"""The page: one HTML file with the simulator inside, for a browser without a server."""

from sim.web.page import explorer

__all__ = ["explorer"]

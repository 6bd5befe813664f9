"""Every network architecture at once: a fleet of cells, one for each reachability on each cloud, in the sandbox.

Owns      the matrix reachability × fan-out × cloud: built, applied, traced, scaled and traced again.
Refuses   the example fleet: this one is written into a folder of its own.
"""

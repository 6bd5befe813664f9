"""Pictures of the fleet: what is drawn (`drawing.py`), of what (`cell.py`, `fleet.py`), and in which form."""

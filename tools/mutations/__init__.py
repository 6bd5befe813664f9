"""What share of wrong inputs the sandbox refuses: mutations drawn by seed from the components' real requests.

Owns      drawing, judging and counting; the table of who judges which type.
Refuses   to flatter: a mutation that passes is excused only where a vendor's published model allows it.
"""

"""TEMPORARY stand-in by the lead so that the package imports; the gradcheck helper overwrites this file."""
def gradcheck(*a, **k): raise NotImplementedError
def subgradient_violation(*a, **k): return "not yet"

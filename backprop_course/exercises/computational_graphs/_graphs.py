"""Graphs to try the algorithms on: the parents of every node."""

from numpy.random import Generator

Parents = dict[str, list[str]]

PRODUCT_OF_SUM: Parents = {"f": ["q", "z"], "q": ["x", "y"], "x": [], "y": [], "z": []}
DIAMOND: Parents = {"x": [], "a": ["x"], "b": ["x"], "y": ["a", "b"]}
SHARED: Parents = {
    "x0": [],
    "w1": [],
    "w2": [],
    "x1": ["x0", "w1"],
    "x2": ["x0", "x1", "w2"],
    "x3": ["x1", "x2", "w1"],
}


def random_graph(rng: Generator, size: int) -> Parents:
    """A random acyclic graph whose nodes are listed in no useful order."""
    names = [f"n{i}" for i in rng.permutation(size)]
    parents = {}
    for i, name in enumerate(names):
        count = int(rng.integers(0, min(i, 3) + 1))
        parents[name] = [names[j] for j in rng.choice(i, size=count, replace=False)] if count else []
    return {str(name): parents[str(name)] for name in rng.permutation(names)}

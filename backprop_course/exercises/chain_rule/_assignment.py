"""What the exercises of 01-chain-rule share."""

from functools import partial

from numpy.random import Generator

from backprop_course.exercises._declare import Exercise

Exercise01 = partial(Exercise, assignment="01-chain-rule")


def away_from_zero(rng: Generator) -> float:
    """A random number between 0.3 and 1.5 in size, of either sign."""
    return float(rng.choice([-1, 1]) * rng.uniform(0.3, 1.5))

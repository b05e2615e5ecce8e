"""Wrong and right implementations written without a look at what the checker knows.

``python -m tests.mistakes.unseen`` prints how many are named. Nothing is added to the checker for their sake: they
tell how it does on answers that nobody taught it. Whoever teaches it one of them moves it to `tests.mistakes`.
"""

from pathlib import Path

from tests.mistakes._corpus import Corpus
from tests.mistakes.unseen import (
    activations,
    backpropagation,
    chain_rule,
    computational_graphs,
    digits,
    held_out_1,
    held_out_2,
    jacobians,
    softmax_and_losses,
)
from tests.mistakes.unseen._corpus import UNSEEN, read

# In the form in which answers come from elsewhere: files read by their path, in the order in which they were written.
FILES = (
    "public_threads",
    "forum_kinds",
    "students",
    "classmates",
    "latecomers",
    "strangers",
    "passers_by",
    "newcomers",
    "neighbours",
    "travellers",
    "guests",
    "lodgers",
    "boarders",
    "tenants",
    "roommates",
)


def read_files() -> dict[str, Corpus]:
    """Read the files anew: some answers keep a state, and are others after each call."""
    return {name: read(Path(__file__).with_name(f"{name}.py")) for name in FILES}


__all__ = [
    "UNSEEN",
    "activations",
    "backpropagation",
    "chain_rule",
    "computational_graphs",
    "digits",
    "held_out_1",
    "held_out_2",
    "jacobians",
    "read_files",
    "softmax_and_losses",
]

"""Wrong and right implementations written without a look at what the checker knows.

``python -m tests.mistakes.unseen`` prints how many are named. Nothing is added to the checker for their sake: they
tell how it does on answers that nobody taught it. Whoever teaches it one of them moves it to `tests.mistakes`.
"""

from pathlib import Path

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

# In the form in which answers come from elsewhere: a file read by its path.
PUBLIC_THREADS = read(Path(__file__).with_name("public_threads.py"))
FORUM_KINDS = read(Path(__file__).with_name("forum_kinds.py"))
STUDENTS = read(Path(__file__).with_name("students.py"))
CLASSMATES = read(Path(__file__).with_name("classmates.py"))
LATECOMERS = read(Path(__file__).with_name("latecomers.py"))
PASSERS_BY = read(Path(__file__).with_name("passers_by.py"))
STRANGERS = read(Path(__file__).with_name("strangers.py"))

__all__ = [
    "CLASSMATES",
    "FORUM_KINDS",
    "LATECOMERS",
    "PASSERS_BY",
    "PUBLIC_THREADS",
    "STRANGERS",
    "STUDENTS",
    "UNSEEN",
    "activations",
    "backpropagation",
    "chain_rule",
    "computational_graphs",
    "digits",
    "held_out_1",
    "held_out_2",
    "jacobians",
    "softmax_and_losses",
]

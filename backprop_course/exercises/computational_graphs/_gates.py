"""The gates: add, multiply, max."""

from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.random import Generator

from backprop_course import ops
from backprop_course.exercises._cases import normal, views
from backprop_course.exercises._declare import Case, WrongForm, wrong_forms
from backprop_course.exercises.computational_graphs._assignment import Exercise02


def _gate_cases(rng: Generator, kinks: bool = False) -> Iterator[Case]:
    yield Case("numbers to follow by hand", (np.array([2.0]), np.array([3.0]), np.array([-4.0])))
    yield Case("two gates side by side", (np.array([3.0, -5.0]), np.array([1.0, 4.0]), np.array([2.0, -1.0])))
    for shape in ((3, 4), (1, 5), (2, 3, 2), (3, 3)):
        yield Case(f"arrays of shape {shape}", tuple(normal(rng, *shape) for _ in range(3)))
    zeros = np.array([2.0, -3.0]), np.array([0.0, 5.0]), np.array([4.0, 0.0])
    yield Case("inputs that are 0", zeros)
    yield views(*(normal(rng, 3, 4) for _ in range(3)))
    yield Case("float32 arrays", tuple(normal(rng, 2, 3).astype("f") for _ in range(3)))
    yield Case(
        "arrays of integers", (np.array([3.5, -2.25, 5.5]), np.array([-2, 1, 3]), np.array([4, 2, -1]))
    )
    if kinks:
        ties = np.array([6.0, -3.0, 4.0]), np.array([2.0, 1.0, 5.0]), np.array([2.0, 3.0, 5.0])
        yield Case("the first and the last inputs tie", ties, kink=True)


ADD_GATE_BACKWARD = Exercise02(
    points=1,
    reference=ops.add_gate_backward,
    cases=_gate_cases,
    returns=("da", "db"),
    forward=ops.add_gate,
    wrong=(
        WrongForm(
            "constant-factor",
            lambda dy, a, b: (dy / 2, dy / 2),
            "{output} is half of {upstream}, as if the two inputs shared it.",
            "Move a by a little: the sum moves by as much, whatever b does.",
        ),
        *wrong_forms(
            "missing-upstream",
            (lambda dy, a, b: (1.0, 1.0), lambda dy, a, b: (np.ones_like(a), np.ones_like(b))),
            "Both local derivatives of a sum are 1, and {output} is no more than that: {upstream} is missing.",
            "The sum moves as far as a does. How far does the loss move then?",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, a, b: (dy * a, dy * b),
            "{output} is multiplied by the input itself.",
            "Let a be 3, and then 7. By how much does the sum grow each time, when a grows by 0.01?",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, a, b: (dy * b, dy * a),
            "That is the multiply gate. The add gate does not look at its inputs.",
        ),
        WrongForm(
            "dropped-path",
            lambda dy, a, b: (dy, 0 * dy),
            "b gets no gradient, but the sum moves with b as well.",
        ),
    ),
    hints=(
        "How much does a + b move when a grows by 0.01?",
        "An add gate hands on what it gets, unchanged, to both.",
    ),
)

MULTIPLY_GATE_BACKWARD = Exercise02(
    points=1,
    reference=ops.multiply_gate_backward,
    cases=_gate_cases,
    returns=("da", "db"),
    forward=ops.multiply_gate,
    wrong=(
        WrongForm(
            "swapped-inputs",
            lambda dy, a, b: (dy * a, dy * b),
            "{output} is dy times the value of its own input.",
            "Let a be 3 and b be −4. When a grows by 0.01, the product changes by −0.04. Whose value is that?",
        ),
        WrongForm(
            "forgot-chain",
            lambda dy, a, b: (dy, dy),
            "That is the add gate: it does not look at its inputs.",
            "Hold one input still and move the other. How far does the product move? {output} lacks that factor.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, a, b: (dy * a * b, dy * a * b),
            "{output} is multiplied by the whole product.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda dy, a, b: (dy * (a + b), dy * (a + b)),
            "{output} is multiplied by the sum of both values.",
        ),
        WrongForm(
            "dropped-path",
            lambda dy, a, b: (0 * dy, 0 * dy),
            "{output} is 0, but the product moves when this input does.",
        ),
    ),
    hints=(
        "Hold b still and move a: how much does a * b move?",
        "A multiply gate multiplies by what stands on its other input.",
    ),
)

MAX_GATE_BACKWARD = Exercise02(
    points=1,
    reference=ops.max_gate_backward,
    cases=partial(_gate_cases, kinks=True),
    returns=("da", "db"),
    forward=np.maximum,
    wrong=(
        WrongForm(
            "double-counted-tie",
            lambda dy, a, b: (dy * (a >= b), dy * (b >= a)),
            "At a tie, both inputs get the whole gradient.",
            "Move both tied inputs up by a little: the maximum rises once, not twice.",
        ),
        WrongForm(
            "wrong-mask",
            lambda dy, a, b: (dy * (a > b), dy * (b > a)),
            "At a tie, neither input gets a gradient.",
            "Move both tied inputs up by a little: the maximum rises, so their shares must add up to dy.",
        ),
        WrongForm(
            "wrong-mask",
            lambda dy, a, b: (dy * (a > b), dy * (a > b)),
            "The mask of db is the one that belongs to da: b gets the gradient where a is larger.",
            "Each entry of dy goes to one of the two inputs. Where does b get it?",
        ),
        WrongForm(
            "wrong-mask",
            lambda dy, a, b: (dy * (a < b), dy * (a < b)),
            "The mask of da is the one that belongs to db: a gets the gradient where b is larger.",
            "Each entry of dy goes to one of the two inputs. Where does a get it?",
        ),
        WrongForm(
            "wrong-mask",
            lambda dy, a, b: ops.max_gate_backward(dy, b, a),
            "The gradient goes to the smaller input. Only the larger one moves the maximum.",
        ),
        WrongForm(
            "wrong-mask",
            lambda dy, a, b: (dy, dy),
            "Both inputs get the gradient. Only the larger one moves the maximum.",
        ),
        WrongForm(
            "wrong-mask",
            lambda dy, a, b: (dy / 2, dy / 2),
            "Each input gets half of the gradient everywhere. Halves belong to ties alone.",
            "Which of the two inputs moves the maximum?",
        ),
        WrongForm(
            "wrong-mask",
            lambda dy, a, b: (dy * (np.abs(a) > np.abs(b)), dy * (np.abs(a) <= np.abs(b))),
            "The inputs are compared by size, without their signs.",
            "Which is the larger: -4 or 3?",
        ),
        WrongForm(
            "wrong-mask",
            lambda dy, a, b: (dy * (a == np.max([a, b])), dy * (b == np.max([a, b]))),
            "Only the largest entry of all gets a gradient.",
            "Every entry has a gate of its own: compare a and b entry by entry.",
        ),
        WrongForm(
            "value-instead-of-mask",
            lambda dy, a, b: (dy * a * (a > b), dy * b * (a <= b)),
            "{output} is multiplied by the value of the winner.",
        ),
        WrongForm(
            "wrong-mask",
            lambda dy, a, b: (dy * (a > 0), dy * (b > 0)),
            "Each input is compared with 0, not with the other one.",
        ),
        WrongForm(
            "wrong-mask",
            lambda dy, a, b: (dy * (a >= b) * (dy > 0), dy * (a < b) * (dy > 0)),
            "A negative upstream gradient is stopped.",
            "The gate compares a with b. The sign of {upstream} plays no part in that.",
        ),
    ),
    hints=(
        "Which of the two inputs moves the maximum?",
        "At a tie the two shares must add up to dy. Giving all of it to one input is fine.",
    ),
)

"""Losses of a sigmoid output unit: with the squared error it saturates, with the cross-entropy it learns."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.random import Generator

from backprop_course import ops
from backprop_course.exercises._cases import normal
from backprop_course.exercises._declare import Case, WrongForm
from backprop_course.exercises.softmax_and_losses._assignment import GUARDS, Exercise05


def _unit_cases(rng: Generator) -> Iterator[Case]:
    yield Case("two units, with outputs 1/2 and 3/4", (np.array([0.0, np.log(3.0)]), np.array([1.0, 0.0])))
    for shape in ((4,), (2, 3), (3, 3), (1, 5), (2, 2, 3)):
        yield Case(f"arrays of shape {shape}", (normal(rng, *shape), rng.uniform(size=shape)))
    yield Case(
        "targets 0 and 1", (normal(rng, 3, 2, scale=2.0), np.array([[0.0, 1.0], [1.0, 0.0], [0.0, 0.0]]))
    )
    yield Case(
        "saturated units, right and wrong",
        (np.array([1e4, -1e4, 1e4, -1e4, 800.0, -800.0]), np.array([1.0, 0.0, 0.0, 1.0, 0.3, 0.3])),
    )
    yield Case(
        "views that are not contiguous in memory", (normal(rng, 3, 2), rng.uniform(size=(3, 2))), strided=True
    )
    yield Case(
        "float32 arrays", (normal(rng, 2, 3).astype(np.float32), rng.uniform(size=(2, 3)).astype(np.float32))
    )
    yield Case("arrays of integers", (np.array([2, -1, 0]), np.array([1, 1, 0])))


def _fraction(z: Any) -> Any:
    e = np.exp(z)
    return e / (1 + e)


def _by_output(change: Callable[..., Any]) -> Callable[..., Any]:
    """A wrong answer ``change(y, d)`` of the unit's output y."""
    return lambda z, d: change(ops.sigmoid(z), np.asarray(d))


def _means(right: Callable[..., Any]) -> Iterator[WrongForm]:
    """The right answer, divided by the batch or by the number of all entries."""
    for count in (len, np.size):
        yield WrongForm(
            "averaged-not-summed",
            lambda z, d, count=count: right(z, d) / count(z),
            "{output} is divided by a number of entries. There is one loss for every entry here, and no mean.",
            "Each entry of z moves one loss. How much, does not depend on how many others there are.",
        )


def _sums(right: Callable[..., Any]) -> WrongForm:
    """The right answer, added up."""
    return WrongForm(
        "wrong-shape",
        lambda z, d: np.sum(right(z, d)),
        "You return one number. There is one loss for every entry of z, and one gradient.",
        "Each entry of z moves one loss: nothing is to be added up.",
    )


def _slope(y: Any) -> Any:
    return y * (1 - y)


SIGMOID_MSE_BACKWARD = Exercise05(
    points=2,
    reference=ops.sigmoid_mse_backward,
    cases=_unit_cases,
    returns=("dz",),
    forward=ops.sigmoid_mse,
    wrong=(
        WrongForm(
            "forgot-chain",
            _by_output(lambda y, d: y - d),
            "The slope of the sigmoid is missing.",
            "You have the derivative by the output. The loss is wanted as a function of z: one more link.",
        ),
        WrongForm(
            "forgot-chain",
            _by_output(lambda y, d: d - y),
            "The slope of the sigmoid is missing, and the sign is wrong.",
            "You have the derivative by the output. The loss is wanted as a function of z: one more link.",
        ),
        *(
            WrongForm(
                "forgot-chain",
                _by_output(lambda y, d, k=k: k * (y - d)),
                "The slope of the sigmoid is missing, and {output} has a constant factor too many.",
                "You have the derivative by the output. The loss is wanted as a function of z: one more link.",
            )
            for k in (2, -2)
        ),
        WrongForm(
            "forgot-chain",
            _by_output(lambda y, d: _slope(y)),
            "The error of the output is missing: your answer does not depend on d.",
            "Differentiate the square first. What does it leave behind?",
        ),
        WrongForm("wrong-sign", _by_output(lambda y, d: (d - y) * _slope(y))),
        WrongForm(
            "constant-factor",
            _by_output(lambda y, d: 2 * (y - d) * _slope(y)),
            "{output} is twice the right one: the factor 1/2 of the loss is lost.",
            "The 1/2 is there to meet the 2 of the square. What is left of the two?",
        ),
        WrongForm(
            "wrong-variable",
            lambda z, d: (ops.sigmoid(z) - d) * _slope(np.asarray(z)),
            "The slope is computed with z where the output belongs.",
            "The short formula for the slope of the sigmoid is in terms of its output.",
        ),
        WrongForm(
            "wrong-variable",
            _by_output(lambda y, d: (y - d) * _slope(ops.sigmoid(y))),
            "The sigmoid is applied twice: the slope is taken at the output.",
            "The slope belongs to the point where the forward pass was: z.",
        ),
        WrongForm(
            "wrong-variable",
            lambda z, d: (np.asarray(z) - d) * _slope(ops.sigmoid(z)),
            "z itself is compared with the target.",
            "Which of z and the output of the sigmoid does the loss compare with d?",
        ),
        WrongForm(
            "wrong-local-derivative",
            _by_output(lambda y, d: (y - d) * y),
            "One of the two factors of the sigmoid's slope is missing.",
            "In saturation, at both ends, the slope goes to 0.",
        ),
        WrongForm(
            "wrong-local-derivative",
            _by_output(lambda y, d: (y - d) * (1 - y)),
            "One of the two factors of the sigmoid's slope is missing.",
            "In saturation, at both ends, the slope goes to 0.",
        ),
        WrongForm(
            "value-instead-of-mask",
            lambda z, d: ops.sigmoid_mse_backward(z, d) * z,
            "Your answer has z as an extra factor.",
            "z enters through the sigmoid alone, and nothing stands inside the sigmoid but z itself.",
        ),
        WrongForm(
            "wrong-local-derivative",
            _by_output(lambda y, d: (y - d) * (1 - y**2)),
            "That is the slope of another S-curve: the tanh's.",
        ),
        WrongForm(
            "forward-instead-of-backward",
            ops.sigmoid_mse,
            "You return the losses, not their slopes.",
        ),
        *_means(ops.sigmoid_mse_backward),
        _sums(ops.sigmoid_mse_backward),
        WrongForm(
            "not-finite",
            lambda z, d: (_fraction(z) - d) * _slope(_fraction(z)),
            "For large z your answer is nan: the exponential overflows above and below the fraction bar.",
            "Write the sigmoid so that only one exponential is left, below the fraction bar.",
        ),
        WrongForm(
            "not-finite",
            lambda z, d: (ops.sigmoid(z) - d) * np.exp(-np.asarray(z)) / (1 + np.exp(-np.asarray(z))) ** 2,
            "For z far below 0 your answer is nan: the exponential overflows above and below the fraction bar.",
            "Write the slope of the sigmoid in terms of its output. Then no exponential is left.",
        ),
    ),
    hints=(
        "Two links: the loss as a function of the output, the output as a function of z.",
        "The second link is the slope of the sigmoid at z, in terms of the output. It vanishes at both ends.",
    ),
)

SIGMOID_CROSS_ENTROPY_BACKWARD = Exercise05(
    points=2,
    reference=ops.sigmoid_cross_entropy_backward,
    cases=_unit_cases,
    returns=("dz",),
    forward=ops.sigmoid_cross_entropy,
    wrong=(
        WrongForm(
            "wrong-local-derivative",
            _by_output(lambda y, d: (y - d) * _slope(y)),
            "The slope of the sigmoid is there once too often: your gradient vanishes where the output is wrong.",
            "The derivative of the logarithms has that slope below the fraction bar. What happens to it?",
        ),
        WrongForm(
            "forgot-chain",
            _by_output(lambda y, d: (y - d) / _slope(y)),
            "You stop at the output of the sigmoid. The question is for the gradient by z.",
            "Between the loss and z there is still the sigmoid.",
        ),
        WrongForm(
            "forgot-chain",
            _by_output(lambda y, d: -d / y + (1 - d) / (1 - y)),
            "You stop at the output of the sigmoid. The question is for the gradient by z.",
            "Between the loss and z there is still the sigmoid.",
        ),
        *(
            WrongForm(
                "not-finite",
                _by_output(form),
                "Where the unit is saturated your answer is nan: you divide by a slope that is 0 and multiply by it again.",
                "Simplify with pencil and paper first. What divides and what multiplies cancels.",
            )
            for form in (
                lambda y, d: (y - d) / _slope(y) * _slope(y),
                lambda y, d: (-d / y + (1 - d) / (1 - y)) * _slope(y),
            )
        ),
        WrongForm(
            "not-finite",
            lambda z, d: _fraction(z) - d,
            "For large z your answer is nan: the exponential overflows above and below the fraction bar.",
            "Write the sigmoid so that only one exponential is left, below the fraction bar.",
        ),
        WrongForm("wrong-sign", _by_output(lambda y, d: d - y)),
        WrongForm(
            "dropped-path",
            _by_output(lambda y, d: y),
            "The target does not occur in {output}.",
            "Where is the loss smallest? The gradient is zero there.",
        ),
        WrongForm(
            "dropped-path",
            _by_output(lambda y, d: -d * (1 - y)),
            "Only the first of the two terms of the loss is differentiated.",
            "At a target of 0 your gradient is 0 whatever the output. What does the second term say there?",
        ),
        WrongForm(
            "dropped-path",
            _by_output(lambda y, d: (1 - d) * y),
            "Only the second of the two terms of the loss is differentiated.",
            "At a target of 1 your gradient is 0 whatever the output. What does the first term say there?",
        ),
        WrongForm(
            "forgot-chain",
            _by_output(lambda y, d: -d * (1 - y) - (1 - d) * y),
            "In the second term of the loss, an inner derivative is missing.",
            "Inside the second logarithm stands 1 - y. What is its derivative by y?",
        ),
        WrongForm(
            "value-instead-of-mask",
            lambda z, d: ops.sigmoid_cross_entropy_backward(z, d) * z,
            "Your answer has z as an extra factor.",
            "z enters through the sigmoid alone, and nothing stands inside the sigmoid but z itself.",
        ),
        *(
            WrongForm(
                "wrong-value",
                _by_output(lambda y, d, g=g: np.clip(y, g, 1 - g) - d),
                "You keep the output away from 0 and 1, and that changes the answer.",
                "Once it is simplified, nothing in the gradient is divided, so nothing needs to be kept away from 0.",
            )
            for g in GUARDS
        ),
        WrongForm(
            "wrong-variable",
            lambda z, d: np.subtract(z, d),
            "z itself is compared with the target.",
            "The target is a probability. Which function makes a probability of z?",
        ),
        WrongForm(
            "wrong-variable",
            _by_output(lambda y, d: ops.sigmoid(y) - d),
            "The sigmoid is applied twice.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda z, d: ops.softmax(z) - d,
            "You use the softmax. Here every unit stands by itself.",
            "Sigmoid units do not compete: the outputs of a row need not add up to 1.",
        ),
        WrongForm(
            "constant-factor",
            _by_output(lambda y, d: 2 * (y - d)),
            "{output} is twice the right one. There is no square in this loss.",
        ),
        *_means(ops.sigmoid_cross_entropy_backward),
        _sums(ops.sigmoid_cross_entropy_backward),
        WrongForm(
            "forward-instead-of-backward",
            ops.sigmoid_cross_entropy,
            "You return the losses, not their slopes.",
        ),
    ),
    hints=(
        "Differentiate the loss by the output, multiply by the slope of the sigmoid, and simplify until nothing cancels any more.",
        "What is left is short, and it is 0 where output and target agree. A saturated wrong unit still learns.",
    ),
)

"""Cross-entropy of a sigmoid output: a wrong unit learns, however saturated."""

import numpy as np

from backprop_course import ops
from backprop_course.exercises._declare import WrongForm, wrong_forms
from backprop_course.exercises.softmax_and_losses._assignment import GUARDS, Exercise05
from backprop_course.exercises.softmax_and_losses._sigmoid_units import (
    by_output,
    shared_forms,
    slope,
    two_exponentials,
    unit_cases,
)

SIGMOID_CROSS_ENTROPY_BACKWARD = Exercise05(
    points=2,
    reference=ops.sigmoid_cross_entropy_backward,
    cases=unit_cases,
    returns=("dz",),
    forward=ops.sigmoid_cross_entropy,
    wrong=(
        WrongForm(
            "wrong-local-derivative",
            by_output(lambda y, d: (y - d) * slope(y)),
            "The slope of the sigmoid is there once too often: your gradient vanishes where the output is wrong.",
            "The derivative of the logarithms has that slope below the fraction bar. What happens to it?",
        ),
        WrongForm(
            "forgot-chain",
            by_output(lambda y, d: (y - d) / slope(y)),
            "You stop at the output of the sigmoid. The question is for the gradient by z.",
            "Between the loss and z there is still the sigmoid.",
        ),
        WrongForm(
            "not-finite",
            by_output(lambda y, d: (y - d) / slope(y) * slope(y)),
            "Where the unit is saturated your answer is nan: you divide by a slope that is 0 and multiply by it again.",
            "Simplify with pencil and paper first. What divides and what multiplies cancels.",
        ),
        WrongForm(
            "not-finite",
            lambda z, d: two_exponentials(z) - d,
            "For large z your answer is nan: the exponential overflows to infinity.",
            "Write the sigmoid so that only one exponential is left, below the fraction bar.",
        ),
        WrongForm(
            "dropped-path",
            by_output(lambda y, d: y),
            "The target does not occur in {output}.",
            "Where is the loss smallest? The gradient is zero there.",
        ),
        WrongForm(
            "dropped-path",
            by_output(lambda y, d: -d * (1 - y)),
            "Only the first of the two terms of the loss is differentiated.",
            "At a target of 0 your gradient is 0 whatever the output. What does the second term say there?",
        ),
        WrongForm(
            "dropped-path",
            by_output(lambda y, d: (1 - d) * y),
            "Only the second of the two terms of the loss is differentiated.",
            "At a target of 1 your gradient is 0 whatever the output. What does the first term say there?",
        ),
        WrongForm(
            "wrong-sign",
            by_output(lambda y, d: -d * (1 - y) - (1 - d) * y),
            "What comes from the second term of the loss has the wrong sign.",
            "Inside the second logarithm stands 1 - y. What is its derivative by y?",
        ),
        WrongForm(
            "wrong-value",
            lambda z, d, constant=1e-8: np.clip(ops.sigmoid(z), constant, 1 - constant) - d,
            "You keep the output away from 0 and 1 by about {constant}, and that changes the answer.",
            "Once it is simplified, nothing in the gradient is divided, so nothing needs to be kept away from 0.",
            GUARDS,
        ),
        WrongForm(
            "wrong-variable",
            lambda z, d: np.subtract(z, d),
            "z itself is compared with the target.",
            "The target is a probability. Which function makes a probability of z?",
        ),
        WrongForm(
            "wrong-variable", by_output(lambda y, d: ops.sigmoid(y) - d), "The sigmoid is applied twice."
        ),
        *wrong_forms(
            "wrong-local-derivative",
            (lambda z, d: np.tanh(z) - d, lambda z, d: (z > 0) - d),
            "The sigmoid is replaced by another curve: your output at z = 0 is not 1/2.",
            "Which function makes a probability of z?",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda z, d: ops.softmax(z) - d,
            "You use the softmax. Here every unit stands by itself.",
            "Sigmoid units do not compete: the outputs of a row need not add up to 1.",
        ),
        WrongForm(
            "constant-factor",
            by_output(lambda y, d: 2 * (y - d)),
            "{output} is twice the right one. There is no square in this loss.",
        ),
        *shared_forms(ops.sigmoid_cross_entropy_backward, ops.sigmoid_cross_entropy),
    ),
    hints=(
        "Differentiate the loss by the output, multiply by the slope of the sigmoid, and simplify until nothing cancels any more.",
        "What is left is short, and it is 0 where output and target agree. A saturated wrong unit still learns.",
    ),
)

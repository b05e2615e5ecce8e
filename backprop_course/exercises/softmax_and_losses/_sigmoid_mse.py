"""Squared error of a sigmoid output: where the unit saturates, it stops learning."""

import numpy as np

from backprop_course import ops
from backprop_course.exercises._declare import WrongForm, wrong_forms
from backprop_course.exercises.softmax_and_losses._assignment import Exercise05
from backprop_course.exercises.softmax_and_losses._sigmoid_units import (
    by_output,
    shared_forms,
    slope,
    two_exponentials,
    unit_cases,
)

SIGMOID_MSE_BACKWARD = Exercise05(
    points=2,
    reference=ops.sigmoid_mse_backward,
    cases=unit_cases,
    returns=("dz",),
    forward=ops.sigmoid_mse,
    wrong=(
        WrongForm(
            "forgot-chain",
            by_output(lambda y, d: y - d),
            "The slope of the sigmoid is missing.",
            "You have the derivative by the output. The loss is wanted as a function of z: one more link.",
        ),
        WrongForm(
            "forgot-chain",
            by_output(lambda y, d: d - y),
            "The slope of the sigmoid is missing, and the sign is wrong.",
            "You have the derivative by the output. The loss is wanted as a function of z: one more link.",
        ),
        *wrong_forms(
            "forgot-chain",
            [by_output(lambda y, d, k=k: k * (y - d)) for k in (2, -2)],
            "The slope of the sigmoid is missing, and {output} has a constant factor too many.",
            "You have the derivative by the output. The loss is wanted as a function of z: one more link.",
        ),
        WrongForm(
            "forgot-chain",
            by_output(lambda y, d: slope(y)),
            "The error of the output is missing: your answer does not depend on d.",
            "Differentiate the square first. What does it leave behind?",
        ),
        WrongForm(
            "constant-factor",
            by_output(lambda y, d: 2 * (y - d) * slope(y)),
            "{output} is twice the right one: the factor 1/2 of the loss is lost.",
            "The 1/2 is there to meet the 2 of the square. What is left of the two?",
        ),
        WrongForm(
            "wrong-variable",
            lambda z, d: (ops.sigmoid(z) - d) * slope(z),
            "The slope is computed with z where the output belongs.",
            "The short formula for the slope of the sigmoid is in terms of its output.",
        ),
        WrongForm(
            "wrong-variable",
            by_output(lambda y, d: (y - d) * slope(np.asarray(d))),
            "The slope is computed with the target where the output belongs.",
            "The short formula for the slope of the sigmoid is in terms of its output.",
        ),
        WrongForm(
            "wrong-variable",
            by_output(lambda y, d: (y - d) * slope(ops.sigmoid(y))),
            "The sigmoid is applied twice: the slope is taken at the output.",
            "The slope belongs to the point where the forward pass was: z.",
        ),
        WrongForm(
            "wrong-variable",
            lambda z, d: (z - d) * slope(ops.sigmoid(z)),
            "z itself is compared with the target.",
            "Which of z and the output of the sigmoid does the loss compare with d?",
        ),
        *wrong_forms(
            "wrong-local-derivative",
            (by_output(lambda y, d: (y - d) * y), by_output(lambda y, d: (y - d) * (1 - y))),
            "One of the two factors of the sigmoid's slope is missing.",
            "In saturation, at both ends, the slope goes to 0.",
        ),
        WrongForm(
            "wrong-local-derivative",
            lambda z, d: (np.tanh(z) - d) * (1 - np.tanh(z) ** 2),
            "You use the tanh. The unit is a sigmoid: its output at z = 0 is 1/2.",
        ),
        WrongForm(
            "wrong-local-derivative",
            by_output(lambda y, d: (y - d) * (1 - y**2)),
            "That is the slope of another S-curve: the tanh's.",
        ),
        *shared_forms(ops.sigmoid_mse_backward, ops.sigmoid_mse),
        WrongForm(
            "not-finite",
            lambda z, d: (two_exponentials(z) - d) * slope(two_exponentials(z)),
            "For large z your answer is nan: the exponential overflows to infinity.",
            "Write the sigmoid so that only one exponential is left, below the fraction bar.",
        ),
        WrongForm(
            "not-finite",
            lambda z, d: (ops.sigmoid(z) - d) * np.exp(-z) / (1 + np.exp(-z)) ** 2,
            "For z far below 0 your answer is nan: the exponential overflows to infinity.",
            "Write the slope of the sigmoid in terms of its output. Then no exponential is left.",
        ),
    ),
    hints=(
        "Two links: the loss as a function of the output, the output as a function of z.",
        "The second link is the slope of the sigmoid at z, in terms of the output. It vanishes at both ends.",
    ),
)

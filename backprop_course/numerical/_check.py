r"""`gradcheck`: the contract of a backward function, then its numbers."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from backprop_course.arrays import Array
from backprop_course.numerical._answer import as_answer
from backprop_course.numerical._contract import BrokenContract, Contract, Gradients
from backprop_course.numerical._inputs import (
    as_float64_number,
    expect_callable,
    expect_inputs,
    private_copies,
)
from backprop_course.numerical._laws import (
    Slack,
    expect_dtype_agreement,
    expect_linear,
    expect_repeatable_forward,
    expect_same_twice,
    round_off,
    round_off_of_scaled,
    upstream_gradient,
)
from backprop_course.numerical._neighbourhood import Neighbourhood
from backprop_course.numerical._report import GradientReport, Measured
from backprop_course.numerical._sweep import Sweep

_OUTPUTS = 32  # with a kink, each of which is checked by itself


def gradcheck(
    forward: Callable[..., Any], backward: Callable[..., Any], *inputs: Any, seed: int = 0
) -> GradientReport:
    r"""Check a backward function against the slopes of its forward function.

    First the contract: shape, floating dtype and finite values of each gradient, no argument changed, the
    same answer twice, linear in the upstream gradient. Then the numbers. For a random upstream gradient dy
    the gradient for x must be :math:`J^T dy`, so each of its entries is compared with the slope of
    :math:`\varphi(t) = \langle dy, f(x + t e_j) \rangle` at 0. One-sided slopes tell a smooth point (they
    meet as the step shrinks) from a kink here (they never do) and from a kink nearby (they do in a smaller
    window). At a kink every element of the Clarke subdifferential is right, see `subgradient_violation`; each
    output with a kink is also checked by itself. Tolerances follow from the round-off that is measured.

    Parameters
    ----------
    forward : callable
        ``forward(*inputs)`` returns one array.
    backward : callable
        ``backward(dy, *inputs)`` returns the gradient, or a tuple with one per floating or integer array
        among the inputs. None stands for the gradient of an integer input without one, such as labels.
    *inputs : array or float or object
        Arrays are differentiated, in float64 copies; a Python float is a 0-d array. A longdouble is
        rounded to the nearest float64 first. Anything else (integers, booleans, strings, tuples) is passed
        on as it is.
    seed : int, optional
        Of the upstream gradient and of the directions tried at a kink.

    Returns
    -------
    GradientReport
        ``report.passed``, ``report.verdict``, ``report.worst``, ``report.problem``. What `backward` does
        wrong is reported, never raised. At a jump, at an infinite slope and where round-off hides the
        slope, the verdict is ``"cannot be told"``, and the check has not passed. A slope below about 1e-11 of
        the others passes as 0 where one sum holds them all, like that of a very confident row in a mean loss.

    Raises
    ------
    TypeError, ValueError
        Where the call itself makes no sense: no inputs, something not callable, a forward function that is
        nan at the point, returns several arrays or nothing, or raises where the inputs are a little
        different.

    Examples
    --------
    >>> import numpy as np
    >>> relu = lambda z: np.maximum(z, 0.0)
    >>> gradcheck(relu, lambda dy, z: dy * (z > 0), np.array([-1.0, 0.0, 2.0])).passed
    True
    >>> report = gradcheck(relu, lambda dy, z: dy, np.array([-1.0, 0.0, 2.0]))
    >>> report.worst.input, report.worst.index
    ('z', (0,))
    """
    expect_callable(forward=forward, backward=backward)
    expect_inputs(inputs)
    with np.errstate(all="ignore"):
        try:
            inputs = tuple(map(as_float64_number, inputs))
            return _check(Contract(forward, backward, inputs), forward, inputs, seed)
        except BrokenContract as broken:
            return GradientReport(False, problem=str(broken))


def _check(
    contract: Contract, forward: Callable[..., Any], inputs: Sequence[Any], seed: int
) -> GradientReport:
    rng = np.random.default_rng(seed)
    dy = upstream_gradient(rng, contract.forward())
    given = contract.backward(dy)  # in the caller's dtypes: integers truncate, float16 overflows
    asked, dy = list(given), np.asarray(dy, np.float64)
    expect_repeatable_forward(contract, asked)
    gradients = contract.backward(dy, asked)
    expect_same_twice(contract, dy, gradients)
    slack = round_off(contract, rng, dy, gradients)
    expect_linear(contract, rng, dy, gradients, slack)
    scaled = round_off_of_scaled(contract, rng, dy, gradients)
    slack = {p: np.fmax(slack[p], scaled[p]) for p in slack}
    expect_dtype_agreement(contract, rng, dy, given, gradients)
    around = Neighbourhood(forward, private_copies(inputs), asked, seed)
    return _compare(contract, around, dy, gradients, slack)


def _compare(
    contract: Contract, around: Neighbourhood, dy: Array, gradients: Gradients, slack: Slack
) -> GradientReport:
    """Compare with the slopes; at kinks also one output at a time, so that no kink hides another."""
    spare = list(slack.values())
    violation, worst, sweeps = around.examine(dy.reshape(-1), as_answer(list(gradients.values()), spare))
    for output in around.kinked_outputs(_OUTPUTS) if violation is None else ():
        alone = np.zeros(dy.size)
        alone[output] = dy.flat[output]
        answer = contract.backward(alone.reshape(dy.shape), list(gradients))
        violation = around.examine_output(int(output), alone, as_answer(list(answer.values()), spare))
        if violation is not None:
            break
    told = violation is not None or not around.doubts
    entries = sum(gradient.size for gradient in gradients.values())
    measured = tuple(
        _measured(p, contract.names[p], gradient, found)
        for (p, gradient), found in zip(gradients.items(), sweeps, strict=True)
    )
    return GradientReport(
        passed=violation is None and told,
        worst=violation or worst,
        problem=None if told else f"{around.doubts[0]}.",
        entries=entries,
        kinks=len(around.kinks),
        measured=measured,
        dy=dy,
        told=told,
    )


def _measured(position: int, name: str | int, gradient: Array, found: Sweep) -> Measured:
    low, high = found.low.reshape(gradient.shape), found.high.reshape(gradient.shape)
    return Measured(position, name, gradient, low, high, found.certain.reshape(gradient.shape))

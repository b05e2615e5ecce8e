"""Rules that name what is wrong with the numbers of a returned value."""

import numpy as np

from backprop_course.arrays import Array
from backprop_course.checking._evidence import OutputEvidence
from backprop_course.checking._words import mistake, quoted
from backprop_course.exercises import Mistake


def integer_truncation(output: OutputEvidence) -> Mistake | None:
    """Right once the integers among the inputs are floats."""
    if all(output.evidence.passes_as_floats(t, output.name) for t, _ in output.wrong):
        lines = output.evidence.source.lines("array like an input")
        own = [line for line in lines if line.split()[0] == output.name] or [*lines]
        makes = "makes an array of the type of its model: integers cut what is stored there. Ask for floats."
        hint = f"`{quoted(own[0])}` {makes}" if len(own) == 1 else ""
        return mistake(output, "integer-truncation", hint=hint)
    return None


def not_finite(output: OutputEvidence) -> Mistake | None:
    """Nan or infinity where a number belongs, and nothing else wrong."""
    return mistake(output, "not-finite") if output.only_not_finite else None


def missing_upstream(output: OutputEvidence) -> Mistake | None:
    """The same answer whatever comes from upstream."""
    if output.exercise.upstream is None:
        return None
    probes = [(t, leaf) for t, leaf in output.wrong if not t.case.kink][:2]
    for trial, leaf in probes:
        dy = np.asarray(trial.case.inputs[0], np.float64)
        for changed in (dy * 0.7 + 0.3, -2 * dy):
            other = output.with_upstream(trial, changed)
            if other is None or not leaf.got.any() or not _same_numbers(other[0], leaf.got.ravel()):
                return None
    return mistake(output, "missing-upstream") if probes else None


def yes_or_no(output: OutputEvidence) -> Mistake | None:
    """True and False where numbers belong, made with what comes from upstream: a comparison came last."""
    if output.exercise.upstream is None or not all(leaf.got.dtype == bool for _, leaf in output.plain):
        return None
    says = "{output} holds True and False, where numbers belong."
    hint = "`a * b > 0` compares the product: a comparison comes last. Parentheses make the mask first."
    return mistake(output, "wrong-type", says, hint)


def _same_numbers(a: Array, b: Array) -> bool:
    return a.shape == b.shape and np.allclose(a, b, rtol=1e-9, equal_nan=True)


def only_at_kinks(output: OutputEvidence) -> Mistake | None:
    """Right everywhere but at kinks and ties."""
    if not all(t.case.kink for t, _ in output.wrong):
        return None
    says = "{output} is right except at kinks and ties: no subgradient has the value that you return there."
    hint = (
        "At a kink, a right answer lies between the slopes of the two sides. "
        "At a tie, the shares add up to the upstream gradient."
    )
    stopped = all(not leaf.got[leaf.wrong].any() for _, leaf in output.wrong)
    return mistake(output, "wrong-mask" if stopped else "wrong-local-derivative", says, hint)

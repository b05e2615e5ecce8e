"""Rules for answers that are right or wrong by the size of the input: close to 0, or large."""

from dataclasses import replace

import numpy as np

from backprop_course.checking._evidence import OutputEvidence, arrays
from backprop_course.checking._leaves import Leaf, close
from backprop_course.checking._question import Question
from backprop_course.checking._trial import Trial
from backprop_course.checking._words import mistake, quoted
from backprop_course.exercises import Mistake

SMALL = 1e-5  # an input as small as the thresholds and tolerances that stand for a comparison with 0
FAR = 10  # times the largest input of the right answers: so far off are inputs that are large


def only_small(output: OutputEvidence) -> Mistake | None:
    """Wrong only at inputs close to 0, without being 0, across which the right answer jumps."""
    for i, parameter in enumerate(output.exercise.parameters):
        if parameter != output.exercise.upstream and all(_jumps_where_wrong(*p, i) for p in output.wrong):
            says = f"{{output}} is wrong only where {parameter} is close to 0 without being 0."
            hint = "However small it is, such a number lies on one side of 0. Which comparison decides it?"
            return mistake(output, "wrong-mask", says, hint)
    return None


def _jumps_where_wrong(asked: Trial, leaf: Leaf, i: int) -> bool:
    x = asked.case.inputs[i] if i < len(asked.case.inputs) else None  # those with a default may be left out
    if not (leaf.fits and isinstance(x, np.ndarray) and x.shape == leaf.expected.shape):
        return False
    near = (x != 0) & (np.abs(x) < SMALL)
    if not near[leaf.wrong].all():
        return False
    mirrored = (*asked.case.inputs[:i], np.where(leaf.wrong, -x, x), *asked.case.inputs[i + 1 :])
    leaves = Question(asked.question.exercise, replace(asked.case, inputs=mirrored)).leaves
    across = next(other.expected for other in leaves if other.name == leaf.name)
    return not close(across, leaf.expected, SMALL * np.abs(leaf.expected))[leaf.wrong].any()


def only_large(output: OutputEvidence) -> Mistake | None:
    """Right as long as no input is large."""
    wrong = output.comparable
    right = [t for t, leaf in output.pairs if leaf.passed and not t.case.kink]
    if not wrong or not right:
        return None
    bound = max(map(_largest, right))
    if bound == 0 or min(_largest_where_wrong(*pair) for pair in output.wrong) < FAR * bound:
        return None
    line = output.evidence.source.line("clipping")
    says = (
        f"{{output}} is right in every case with inputs up to {bound:.3g} in size. "
        "Where it is wrong, some are far larger."
    )
    hint = f"`{quoted(line)}` changes the numbers that it cuts." if line else ""
    return mistake(output, "lost-precision" if line else "wrong-value", says, hint, wrong[0])


def _largest(asked: Trial) -> float:
    return max((float(np.abs(a).max(initial=0.0)) for a in arrays(asked.case.inputs)), default=0.0)


def _largest_where_wrong(asked: Trial, leaf: Leaf) -> float:
    """Of arrays that the answer follows entry by entry, only the entries that it gets wrong."""
    found = (a[leaf.wrong] if a.shape == leaf.expected.shape else a for a in arrays(asked.case.inputs))
    return max((float(np.abs(a).max(initial=0.0)) for a in found), default=0.0)

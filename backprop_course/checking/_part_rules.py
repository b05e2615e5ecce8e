"""Rules for answers that are right in part: on or off the diagonal, in one row or layer."""

from collections.abc import Callable

import numpy as np

from backprop_course.arrays import Array
from backprop_course.checking._evidence import OutputEvidence, Pair
from backprop_course.checking._leaves import Leaf, close
from backprop_course.checking._trial import Trial
from backprop_course.checking._words import mistake, quoted
from backprop_course.exercises import Mistake

GRADIENTS = ("dweights", "dbiases")


def diagonal(output: OutputEvidence) -> Mistake | None:
    """A square matrix, returned or probed, that is right off its diagonal and wrong on it, or the reverse."""
    found = _square(output)
    sides = (
        ("on", "off", "right", "wrong", "another entry"),
        ("off", "on", "wrong", "right", "entry j"),
    )
    for right, wrong, own, others, follows in sides:
        if not _right_part(found, right == "on"):
            continue
        if output.jacobians is None:
            says = f"{{output}} is right {right} its diagonal and wrong {wrong} it."
            where = f"{wrong.title()} the diagonal"
            hint = f"{where} stands how entry j of the output follows {follows} of the input."
            return mistake(output, "wrong-local-derivative", says, hint)
        if own == "wrong" and _is_diagonal(output.jacobians[1]):
            says = "Each entry of {output} comes from its own entry of {upstream}, but by a wrong factor."
            hint = "The factor is a slope. Nudge one entry of the input: how far does the output move there?"
            return mistake(output, "wrong-local-derivative", says, hint)
        says = (
            f"What an entry of {{output}} takes from its own entry of {{upstream}} is {own}, "
            f"and what it takes from the others is {others}."
        )
        hint = "Two slopes are needed: of an output by its own input, and by another one."
        return mistake(output, "wrong-local-derivative", says, hint)
    return None


def _is_diagonal(a: Array) -> bool:
    return not a[~np.eye(len(a), dtype=bool)].any()


def triangle(output: OutputEvidence) -> Mistake | None:
    """A square matrix of which one half was never filled."""
    found = [leaf for _, leaf in output.comparable]
    if output.exercise.upstream or any(leaf.expected.ndim != 2 or len(leaf.wrong) < 2 for leaf in found):
        return None
    halves: tuple[tuple[str, Callable[[Array], Array]], ...] = (
        ("below", lambda a: np.tril(a, -1)),
        ("above", lambda a: np.triu(a, 1)),
    )
    for where, half in halves:
        if found and all(np.array_equal(half(x.wrong), x.wrong) and not half(x.got).any() for x in found):
            says = f"{{output}} is 0 {where} its diagonal, and right in its other half."
            return mistake(output, "dropped-path", says, "Where does your code write the other half?")
    return None


def _square(output: OutputEvidence) -> list[Array]:
    """Where square matrices are wrong: those that are returned, or the Jacobian that was probed."""
    if output.jacobians is not None and output.is_like_upstream:
        mine, right = output.jacobians
        found = [np.abs(mine - right) > 1e-6 * max(float(np.abs(right).max()), 1e-300)]
    elif output.exercise.upstream is None:
        found = [leaf.wrong for _, leaf in output.comparable]
    else:
        found = []
    is_square = all(a.ndim == 2 and a.shape[0] == a.shape[1] for a in found)
    return found if is_square and any(len(a) > 1 for a in found) else []


def _right_part(found: list[Array], on: bool) -> bool:
    """Whether all that is wrong lies on one side, and all of that side in the largest one."""
    parts = [(np.eye(len(wrong), dtype=bool) == on, wrong) for wrong in found]
    one_side = not any(wrong[part].any() for part, wrong in parts)
    largest = max(map(len, found), default=0)  # in a small one an entry may be right by chance
    return one_side and any(len(wrong) == largest and wrong[~part].all() for part, wrong in parts)


def layers(output: OutputEvidence) -> Mistake | None:
    """Lists of gradients, a layer each: right in the last one alone, or wrong from there on."""
    deep = [t for t in output.evidence.failing if _count(t, output.name) > 1 and not t.case.kink]
    if output.name not in GRADIENTS or not deep or not output.comparable:
        return None
    ends = [_of_layer(t, output.name, _count(t, output.name) - 1) for t in deep]
    rest = [_of_layer(t, output.name, k) for t in deep for k in range(_count(t, output.name) - 1)]
    if all(leaf.passed for leaf in ends) and not any(leaf.passed for leaf in rest):
        says = "{output} is right in the last layer, and wrong in those before it."
        hint = "What does the gradient go through on its way from one layer to the layer before?"
        return mistake(output, "wrong-local-derivative", says, hint)
    is_loss_right = all(
        leaf.passed for t in output.evidence.trials for leaf in t.leaves if leaf.name == "loss"
    )
    if "loss" in output.exercise.returns and is_loss_right and not any(leaf.passed for leaf in ends):
        says = "The loss is right, and {output} is wrong in the last layer already."
        hint = "Start at the end: what does the loss hand to the last layer's output?"
        return mistake(output, "wrong-local-derivative", says, hint)
    return None


def _of_layer(asked: Trial, name: str, k: int) -> Leaf:
    return next(leaf for leaf in asked.leaves if leaf.name == f"{name}[{k}]")


def _count(asked: Trial, name: str) -> int:
    return sum(leaf.base_name == name for leaf in asked.leaves)


def forgetful_line(output: OutputEvidence) -> str:
    """The student's line that sets a value anew, in every round of a loop or a second time."""
    source = output.evidence.source
    return overwriting_line(output) or source.set_twice[1] or source.set_over


def overwriting_line(output: OutputEvidence) -> str:
    """The student's line that sets a value anew in every round of a loop."""
    names = output.exercise.returns
    return output.evidence.source.overwritten(names.index(output.name), len(names))


def overwritten(output: OutputEvidence) -> Mistake | None:
    """A value that the student's code sets anew, in every round of a loop or a second time."""
    names, source = output.exercise.returns, output.evidence.source
    if line := source.overwritten(names.index(output.name), len(names)):
        says = "{output} is set anew in every round of your loop, so that only the last round is left."
        hint = f"`{quoted(line)}` forgets what earlier rounds found."
        return mistake(output, "overwritten-gradient", says, hint)
    name, line = source.set_twice
    if not line:
        return None
    says = f"{{output}} is not right, and your code computes {quoted(name)} twice: only the second is left."
    hint = f"`{quoted(line)}` forgets what stood there. Where paths meet, gradients add."
    return mistake(output, "overwritten-gradient", says, hint)


def one_entry(output: OutputEvidence) -> Mistake | None:
    """Right but for the first entry, or the last: a bias, a border, one round of a loop."""
    wrong = output.comparable
    if len(wrong) < 2 or not all(leaf.expected.ndim and len(leaf.expected) for _, leaf in wrong):
        return None
    if not any(len(leaf.expected) > 1 for _, leaf in wrong):
        return None
    lines = [np.asarray(leaf.wrong.reshape(len(leaf.wrong), -1).any(axis=1)) for _, leaf in wrong]
    for which, k in (("first", 0), ("last", -1)):
        if all(line[k] and line.sum() == 1 for line in lines):
            what = " or ".join(sorted({"entry" if leaf.expected.ndim == 1 else "row" for _, leaf in wrong}))
            hint = f"What is different about the {which} {what}? Follow it by itself."
            if not any(leaf.got[k].any() for _, leaf in wrong):
                says = f"{{output}} is right but for its {which} {what}, where yours is 0."
                return mistake(output, "dropped-path", says, hint, wrong[0])
            says = f"{{output}} is right but for its {which} {what}."
            return mistake(output, "wrong-value", says, hint, wrong[0])
    return None


def sum_of_rows(output: OutputEvidence) -> Mistake | None:
    """Rows that should add up to 0 or to 1, and do not."""
    wrong = [(t, leaf) for t, leaf in output.comparable if leaf.expected.ndim and leaf.expected.shape[-1] > 1]
    for total in (0, 1):
        # In the cases that are right too: a single wrong one may add up to 1 by chance.
        if wrong and all(_adds_up_to(total, leaf, leaf.expected).all() for _, leaf in output.plain):
            if all(_adds_up_to(total, leaf, leaf.got, axis=0).all() for _, leaf in wrong):
                says = f"In {{output}} the columns add up to {total}, and the rows should."
                return mistake(output, "wrong-axis", says, shown=wrong[0])
            broken = [pair for pair in wrong if not _adds_up_to(total, pair[1], pair[1].got).all()]
            if broken:
                says = f"The entries of a row of {{output}} should add up to {total}, and yours do not."
                return mistake(output, "wrong-value", says, "Add up each row of yours.", broken[0])
    return None


def _adds_up_to(total: float, leaf: Leaf, a: Array, axis: int = -1) -> Array:
    a = np.atleast_1d(a)
    slack = 1e-9 * np.abs(leaf.expected).max() + leaf.tolerance.max()
    return np.asarray(np.abs(a.sum(axis=axis) - total) <= a.shape[axis] * slack)


def all_alike(output: OutputEvidence) -> Mistake | None:
    """Rows, or columns, that are all the same."""
    wrong = [
        (t, leaf) for t, leaf in output.comparable if leaf.expected.ndim == 2 and min(leaf.expected.shape) > 1
    ]
    tests: tuple[tuple[str, Callable[[Array], Array]], ...] = (
        ("rows", np.asarray),
        ("columns", np.transpose),
    )
    for what, turned in tests:
        if wrong and all(
            _same_rows(turned(leaf.got)) and not _same_rows(turned(leaf.expected)) for _, leaf in wrong
        ):
            says = f"All {what} of {{output}} are the same, and they should not be."
            zeros = any((leaf.got[leaf.expected == 0] != 0).any() for _, leaf in wrong)
            slug = "wrong-mask" if zeros and output.exercise.upstream else "wrong-local-derivative"
            return mistake(output, slug, says, shown=wrong[0])
    return None


def _same_rows(a: Array) -> bool:
    return bool(np.any(a)) and bool(np.allclose(a, a[:1], rtol=1e-9, atol=0.0))


def running_sum(output: OutputEvidence) -> Mistake | None:
    """Each row, or column, with those before it added."""
    pairs = [(t, leaf) for t, leaf in output.plain if not leaf.passed]
    for axis, what in ((0, "row"), (-1, "column")):
        added = any(((leaf.expected != 0).sum(axis) > 1).any() for _, leaf in pairs if leaf.expected.ndim > 1)
        if added and all(_is_running(leaf, axis) for _, leaf in pairs):
            says = f"Each {what} of {{output}} is right but for those before it, which are added to it."
            looped = (
                "What one round of your loop changes is still changed in the next. Begin each round anew."
            )
            hint = looped if output.evidence.source.loops else ""
            return mistake(output, "wrong-value", says, hint, pairs[0])
    return None


def _is_running(leaf: Leaf, axis: int) -> bool:
    if not leaf.fits or leaf.expected.ndim < 2:
        return False
    # A difference quotient with a long step, taken beside its place, is off by more than round-off.
    return bool(close(leaf.got, leaf.expected.cumsum(axis), 0.02 * np.abs(leaf.expected).max()).all())


def one_row(output: OutputEvidence) -> Mistake | None:
    """Right in the first row alone, or in the last, or filled in one row alone."""
    wrong = [(t, leaf) for t, leaf in output.plain if not leaf.passed]
    if not wrong or not all(
        leaf.fits and leaf.expected.ndim > 1 and _rows(leaf.wrong) > 1 for _, leaf in wrong
    ):
        return None
    for right in ([~_by_row(leaf.wrong) for _, leaf in wrong], [_by_block(leaf) for _, leaf in wrong]):
        if all(r[0] and not r[1:].any() for r in right):
            return _one_row(output, wrong[0], "first", "return")
        if all(r[-1] and not r[:-1].any() for r in right):
            return _one_row(output, wrong[0], "last", "overwriting")
    filled = [(_by_row(leaf.got != 0).sum(), _by_row(leaf.expected != 0).sum()) for _, leaf in wrong]
    line = output.evidence.source.line_in_loop("overwriting")
    if line and all(mine == 1 < meant for mine, meant in filled):
        hint = f"Which row does `{quoted(line)}` write to, from round to round?"
        says = "Only one row of {output} is filled, the others are 0."
        return mistake(output, "overwritten-gradient", says, hint, wrong[0])
    return None


def _rows(a: Array) -> int:
    return int(np.prod(a.shape[:-1]))


def _by_row(flags: Array) -> Array:
    return np.asarray(flags.reshape(_rows(flags), -1).any(axis=1))


def _by_block(leaf: Leaf) -> Array:
    """Which of the parts along the first axis are right."""
    return np.asarray(~leaf.wrong.reshape(len(leaf.wrong), -1).any(axis=1))


def _one_row(output: OutputEvidence, shown: Pair, which: str, sign: str) -> Mistake:
    line = output.evidence.source.line_in_loop(sign)
    does = "ends the loop in its first round" if sign == "return" else "forgets what earlier rounds found"
    hint = f"The line `{quoted(line)}` {does}." if line else ""
    what = "row" if shown[1].expected.ndim == 2 else "part along the first axis"
    return mistake(output, "first-row-only", f"Only the {which} {what} of {{output}} is right.", hint, shown)

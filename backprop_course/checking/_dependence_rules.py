"""Rules that change one argument and look at what the answer does.

What they see is true, and rarely tells what the mistake is called: mostly it goes under the vague name.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from backprop_course.arrays import Array
from backprop_course.checking._evidence import OutputEvidence
from backprop_course.checking._pattern_rules import jacobian_pattern
from backprop_course.checking._trial import Trial
from backprop_course.checking._words import mistake, never_reads, quoted
from backprop_course.exercises import Mistake

TRIALS = 2  # wrong trials that are asked again


def not_linear(output: OutputEvidence) -> Mistake | None:
    """A backward pass that is not proportional to the upstream gradient, as each one is."""
    if output.exercise.upstream is None:
        return None
    for trial, _ in [pair for pair in output.wrong if not pair[0].case.kink][:TRIALS]:
        dy = np.asarray(trial.case.inputs[0])
        pairs = [output.with_upstream(trial, k * dy) for k in (0.0, 1.0, 2.0, -1.0)]
        broken = _broken_law(*(pair[0] for pair in pairs if pair)) if all(pairs) and dy.all() else None
        if broken:
            slug, says, hint = broken
            line = output.evidence.source.line("clipping")
            if line and slug == "wrong-local-derivative":
                hint = f"`{quoted(line)}` cuts numbers. Does it cut {{upstream}}?"
            return mistake(output, slug, says, hint)
    return None


def _broken_law(zero: Array, one: Array, two: Array, minus: Array) -> tuple[str, str, str] | None:
    """Which law of linear functions is broken by the values at 0, 1, 2 and -1 times an argument, if any."""
    often = "How often does {upstream} stand in each product of your formula?"
    if np.nan_to_num(zero).any():
        says = (
            "Not every term of {output} has {upstream} as a factor: where {upstream} is 0, {output} is not."
        )
        unmoved = (zero != 0) & (one == zero) & (two == zero)
        if unmoved.any():
            return "missing-upstream", "Some entries of {output} do not depend on {upstream}.", often
        return "wrong-local-derivative", says, often
    if not _same(two, 2 * one):  # a factor of 2 costs no round-off
        return "wrong-local-derivative", "{output} does not double when {upstream} doubles.", often
    if not _same(minus, -1 * one):
        says = "{output} does more than change its sign when {upstream} does."
        return "wrong-mask", says, "The forward pass decides what passes, and it knows nothing of {upstream}."
    return None


def depends(output: OutputEvidence) -> Mistake | None:
    """Inputs that move the right value and not the student's, or the reverse."""
    exercise = output.exercise
    # Where no formula is asked for, of steps and sizes, only what is never read at all tells.
    tried = exercise.parameters if exercise.analytic else output.evidence.source.unused(exercise.parameters)
    moves = {p: _agreed_moves(output, i) for i, p in enumerate(exercise.parameters) if p in tried}
    far = {p: _moves_far_off(output, p) for p, found in moves.items() if found[0] != found[1]}
    elsewhere = {p: _moves_elsewhere(output, p) for p in far}
    ignored = [p for p in far if moves[p][1] and not far[p][0] and not elsewhere[p][0]]
    surplus = [p for p in far if moves[p][0] and not far[p][1]]
    everywhere = not (surplus and elsewhere[surplus[0]][1])
    if ignored and surplus and everywhere:
        says = f"{{output}} depends on {surplus[0]}, where it should depend on {ignored[0]}."
        hint = "Which input stands in the local derivative: the one that you differentiate by, or another?"
        return mistake(output, "wrong-variable", says, hint)
    if ignored:
        return _ignores(output, ignored[0])
    if surplus:
        here = "" if everywhere else "In the case shown, "
        says = f"{here}{{output}} changes when {surplus[0]} changes, and it should not."
        hint = f"What takes {surplus[0]} into your formula?"
        slug = "wrong-local-derivative" if output.is_derivative else "wrong-variable"
        return mistake(output, slug, says, hint)
    return None


def _ignores(output: OutputEvidence, parameter: str) -> Mistake:
    says = f"{{output}} does not change when {parameter} changes, and it should."
    hint = f"Where does {parameter} enter {'the derivative' if output.is_derivative else 'the formula'}?"
    if parameter in output.evidence.source.unused(output.exercise.parameters):
        return mistake(output, "unused-parameter", says, f"{never_reads(parameter)} {hint}")
    others = [o for o in output.evidence.all_outputs() if o.name != output.name]
    used_elsewhere = any(_agreed_moves(o, output.exercise.parameters.index(parameter))[0] for o in others)
    is_read = parameter in output.evidence.source.read
    is_own = output.name == f"d{parameter}"
    if (is_read and is_own) or (not used_elsewhere and (is_read or is_own)):
        found = jacobian_pattern(output)  # where the gradient goes says more than what it ignores
        if found and found.slug in ("wrong-mask", "dropped-path"):
            return found
        return mistake(output, "wrong-local-derivative", says, hint)
    return mistake(output, "forgot-chain" if used_elsewhere else "unused-parameter", says, hint)


def _agreed_moves(output: OutputEvidence, i: int) -> tuple[bool, bool]:
    """Whether the student's and the right value move with the i-th argument, where two trials agree."""
    given = [asked for asked, _ in output.wrong or output.pairs if i < len(asked.case.inputs)]
    found = {_moves(output, asked, i, others) for asked in given[:TRIALS]}
    return (found.pop() or (False, False)) if len(found) == 1 else (False, False)


def _moves_elsewhere(output: OutputEvidence, parameter: str) -> tuple[bool, bool]:
    """Whether the student's and the right value move with an argument where answers are right."""
    right = [t for t, leaf in output.pairs if leaf.passed and not t.case.kink]
    return _some_moves(output, right[:TRIALS], parameter, others)


def _moves_far_off(output: OutputEvidence, parameter: str) -> tuple[bool, bool]:
    """The same where answers are wrong, and the argument becomes large."""
    return _some_moves(output, [t for t, _ in output.wrong[:TRIALS]], parameter, far_off)


def _some_moves(
    output: OutputEvidence, asked: list[Trial], parameter: str, values: Callable[[Any], Iterator[Any]]
) -> tuple[bool, bool]:
    i = output.exercise.parameters.index(parameter)
    found = [moved for t in asked if (moved := _moves(output, t, i, values))]
    return any(mine for mine, _ in found), any(right for _, right in found)


def _moves(
    output: OutputEvidence, asked: Trial, i: int, values: Callable[[Any], Iterator[Any]]
) -> tuple[bool, bool] | None:
    """Whether the student's and the right value move with the i-th argument; None where nothing tells."""
    inputs = asked.case.inputs
    before = None if asked.case.kink or i >= len(inputs) else output.at(asked, inputs)
    if before is None:
        return None
    tried = [_at(output, asked, (*inputs[:i], other, *inputs[i + 1 :])) for other in values(inputs[i])]
    after = [pair for pair in tried if pair is not None]
    if not after:
        return None
    mine, right = (any(not _same(pair[k], before[k]) for pair in after) for k in (0, 1))
    return mine, right


def others(value: Any) -> Iterator[Any]:
    """Yield a near value and a far one, for floats and arrays of floats; the next one for a whole number."""
    if isinstance(value, float) or (isinstance(value, np.ndarray) and value.dtype == np.float64):
        yield 0.9 * value + 0.01
        yield 0.5 - value
    elif isinstance(value, int) and not isinstance(value, bool):
        yield value + 1


def far_off(value: Any) -> Iterator[Any]:
    """Yield values beyond what a comparison, or a cut to whole numbers, hides."""
    if isinstance(value, float) or (isinstance(value, np.ndarray) and value.dtype == np.float64):
        yield 10 * value + 5
        yield 5 - 10 * value


def _at(output: OutputEvidence, trial: Trial, inputs: tuple[Any, ...]) -> tuple[Array, Array] | None:
    try:
        return output.at(trial, inputs)
    except (ValueError, IndexError):  # the reference refuses such inputs
        return None


def _same(a: Array, b: Array) -> bool:
    return a.shape == b.shape and np.allclose(a, b, rtol=1e-9, atol=1e-300, equal_nan=True)

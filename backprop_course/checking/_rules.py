"""Rules that name what is wrong with one returned value, from its numbers alone.

Each rule looks at the evidence and returns a mistake or None; the first that finds one ends the search.
"""

from collections.abc import Callable

import backprop_course.checking._dependence_rules as dependence
import backprop_course.checking._likeness_rules as likeness
import backprop_course.checking._part_rules as parts
import backprop_course.checking._pattern_rules as patterns
import backprop_course.checking._precision_rules as precisions
import backprop_course.checking._scale_rules as scale
import backprop_course.checking._shape_rules as shapes
import backprop_course.checking._size_rules as sizes
import backprop_course.checking._substitution_rules as substitutions
import backprop_course.checking._value_rules as values
from backprop_course.checking._evidence import OutputEvidence
from backprop_course.checking._known_forms import known_form
from backprop_course.checking._words import mistake, quoted
from backprop_course.exercises import Mistake

Rule = Callable[[OutputEvidence], Mistake | None]


RULES: tuple[Rule, ...] = (
    # The bank sees the most, every digit of every answer, and its words are the exercise's own.
    known_form,
    # Right but for the type: nothing is wrong with the formula, so no later rule may look at the values.
    values.integer_truncation,
    # A wrong shape comes before values, which can't be compared then. From what explains the whole answer
    # (its axes swapped, an axis not summed) to what only describes it.
    shapes.written_size,
    shapes.transposed,
    shapes.unsummed_axis,
    shapes.extra_axis,
    shapes.broadcast_blow_up,
    shapes.wrong_axis,
    shapes.wrong_shape,
    # Nan ends comparisons, so it comes before the rules that compare.
    values.not_finite,
    # One thing explains every entry: nothing, a number, the upstream gradient, the value, a factor at hand.
    # A number before the rest, since an array of equal entries looks like a number too.
    likeness.all_zero,
    scale.scaled,
    likeness.passed_through,
    likeness.value_for_slope,
    values.missing_upstream,
    values.yes_or_no,  # a mask alone is told what it lacks, above; another answer of this kind compares last
    likeness.input_for_slope,
    likeness.surplus_factor,
    likeness.average_slope,
    likeness.missing_factor,
    likeness.summed_too_far,
    parts.running_sum,
    substitutions.at_another_place,
    likeness.other_side,
    likeness.where_wrong,
    scale.scaled_in_part,
    # Small errors, before patterns: these would call each entry a wrong value. A mark of rounding or of
    # float32 is seen in the digits; a difference quotient is what remains.
    precisions.lost_precision,
    precisions.numerical_differentiation,
    # Few cases are wrong, and what they have in common is known.
    values.only_at_kinks,
    # Right in part, or right numbers in wrong places.
    parts.triangle,
    parts.one_row,
    likeness.shuffled,
    sizes.only_small,
    sizes.only_large,
    parts.overwritten,
    patterns.one_row_alone,
    parts.all_alike,
    parts.one_entry,
    # A broken law is seen, its cause is not; an input that plays no part says more than a pattern of zeros.
    dependence.not_linear,
    dependence.depends,
    likeness.surplus_term,
    patterns.shared_factor,
    patterns.jacobian_pattern,
    patterns.value_pattern,
    patterns.common_factor,
    patterns.common_offset,
    parts.diagonal,
    parts.layers,
    patterns.wrong_slope,
    parts.sum_of_rows,
)


def name_mistake(output: OutputEvidence) -> Mistake:
    """The first finding of `RULES`; "wrong-value" where none applies."""
    found = next((found for rule in RULES if (found := rule(output))), None)
    return found or _not_known(output)


def _not_known(output: OutputEvidence) -> Mistake:
    says, cuts = _what_is_right(output), output.evidence.source.line("clipping")
    # of a loss: its gradient is mostly written down by itself
    if cuts and not output.is_derivative and any(leaf.passed for _, leaf in output.plain):
        says = says or "{output} is right in some cases, and wrong in others."
        return mistake(
            output, "lost-precision", says, f"`{quoted(cuts)}` cuts numbers. Does it cut one here?"
        )
    return mistake(output, "wrong-value", says)


def _what_is_right(output: OutputEvidence) -> str:
    """Words that narrow down where to look, where other values are right in every case."""
    wrong = {o.name for o in output.evidence.outputs()}
    right = [name for name in output.exercise.returns if name not in wrong]
    if not right:
        return ""
    listed = f"{', '.join(right[:-1])} and {right[-1]} are" if len(right) > 1 else f"{right[0]} is"
    return f"{{output}} is not right, and {listed}."

"""Rules that name what is wrong with one returned value, from its numbers alone.

Each rule looks at the evidence and returns a finding or None. They are tried in the order of `RULES`: the
more a rule claims, the more it must see.
"""

import backprop_course.checking._dependence_rules as dependence
import backprop_course.checking._pattern_rules as patterns
import backprop_course.checking._shape_rules as shapes
import backprop_course.checking._value_rules as values
from backprop_course.checking._evidence import OutputEvidence
from backprop_course.checking._findings import Finding, Rule, facts_about, finding


def known_form(e: OutputEvidence) -> Finding | None:
    """A wrong form from the exercise's own bank that gives the same values."""
    for form in e.evidence.exercise.wrong:
        if e.matches(form):
            return finding(form.slug, facts_about(e), form.says, form.because)
    return None


RULES: tuple[Rule, ...] = (
    known_form,
    values.integer_truncation,
    shapes.transposed,
    shapes.unsummed_axis,
    shapes.extra_axis,
    shapes.broadcast_blow_up,
    shapes.wrong_axis,
    shapes.wrong_shape,
    values.not_finite,
    values.scaled,
    values.missing_upstream,
    values.numerical_differentiation,
    values.only_at_kinks,
    dependence.not_linear,
    patterns.jacobian_pattern,
    patterns.value_pattern,
    dependence.depends,
)


def name_mistake(e: OutputEvidence) -> Finding:
    """The first finding of `RULES`; "wrong-value" where none applies."""
    for rule in RULES:
        found = rule(e)
        if found:
            return found
    return finding("wrong-value", facts_about(e))

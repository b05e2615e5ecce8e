"""What passes and what does not, apart from the mistakes' names."""

import re
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest

from backprop_course import evaluate, exercises, ops
from backprop_course.checking import CATALOGUE, judge
from backprop_course.checking._call import call
from backprop_course.numbers import show

SEEDS = (0, *(pytest.param(seed, marks=pytest.mark.thorough) for seed in (1, 20_261_122)))


@pytest.mark.parametrize("name", exercises.names())
@pytest.mark.parametrize("seed", SEEDS)
def test_the_reference_passes(name: str, seed: int) -> None:
    report = evaluate(name, exercises.get(name).reference, seed=seed)
    assert report.passed, str(report)


@pytest.mark.parametrize("name", exercises.names())
def test_every_known_wrong_form_comes_first_in_its_own_words(name: str) -> None:
    for form in exercises.get(name).wrong:
        first = evaluate(name, form.function).mistakes[0]
        says = re.split(r"{[^}]*}", form.says or CATALOGUE[form.slug].says)  # between them, numbers and names
        assert first.slug == form.slug, f"{form}\n{first}"
        assert re.fullmatch(".+".join(map(re.escape, says)), first.message), f"{form}\n{first}"


@pytest.mark.thorough
@pytest.mark.parametrize("name", exercises.names())
def test_no_known_wrong_form_says_what_another_would(name: str) -> None:
    exercise = exercises.get(name)
    words = [(form.slug, form.says, form.because) for form in exercise.wrong]
    for n, form in enumerate(exercise.wrong):
        if words.count(words[n]) > 1:
            others = replace(exercise, wrong=(*exercise.wrong[:n], *exercise.wrong[n + 1 :]))

            def ask(case: Any, function: Any = form.function) -> Any:
                return call(function, case.inputs, strided=case.strided)

            first = judge(others, ask, seed=0).mistakes[0]
            assert first.message != evaluate(name, form.function).mistakes[0].message, f"{n}: {form}"


@pytest.mark.parametrize("constant", [2e-11, 1e-8, 3.7e-6, 4.2e-2])
def test_whatever_constant_a_student_chose_is_found(constant: float) -> None:
    found = 0
    for name in exercises.names():
        for form in (form for form in exercises.get(name).wrong if form.constants):
            lowest = 1e-7 if name == "central_difference" else 0.0  # a smaller step leaves only round-off
            assert form.constants
            if not max(lowest, form.constants[0]) <= constant <= form.constants[1]:
                continue
            first = evaluate(name, partial(form.function, constant=constant)).mistakes[0]
            assert first.slug == form.slug, f"{name}: {first}"
            assert first.message == form.says.format(constant=show(constant, digits=1)), name
            found += 1
    assert found >= 9


@pytest.mark.parametrize("name", exercises.names())
def test_the_stub_is_not_implemented(name: str) -> None:
    def stub(*_: Any) -> None:
        raise NotImplementedError

    assert [m.slug for m in evaluate(name, stub).mistakes] == ["not-implemented"]


@pytest.mark.parametrize("slope", [0.0, 0.3, 0.5, 1.0])
def test_any_subgradient_at_the_kink_passes(slope: float) -> None:
    assert evaluate("relu_backward", lambda dy, z: dy * np.heaviside(z, slope)).passed


@pytest.mark.parametrize("slope", [-0.1, 1.001, 2.0])
def test_no_other_slope_at_the_kink_passes(slope: float) -> None:
    assert not evaluate("relu_backward", lambda dy, z: dy * np.heaviside(z, slope)).passed


def test_an_answer_in_float32_passes_for_float32_and_not_for_float64() -> None:
    def rounded(dy: Any, y: Any) -> Any:
        return ops.sigmoid_backward(dy, y).astype(np.float32)

    report = evaluate("sigmoid_backward", rounded)
    verdicts = {case.why: case.passed for case in report.cases}
    assert verdicts["float32 arrays"]
    assert not report.passed


@pytest.mark.parametrize("error", [1e-3, 1e-6, 1e-9])
def test_one_entry_slightly_off_is_refused(error: float) -> None:
    def off(dy: Any, z: Any) -> Any:
        dz = ops.softplus_backward(dy, z)
        dz.flat[-1] *= 1 + error
        return dz

    assert not evaluate("softplus_backward", off).passed


def test_a_function_under_another_name_or_none_passes() -> None:
    assert evaluate("relu_backward", np.vectorize(lambda dy, z: dy if z > 0 else 0.0, otypes=[float])).passed


STRANGE: dict[str, Any] = {
    "a string": "gradient",
    "a number": 3,
    "nan": float("nan"),
    "a huge integer": 10**400,
    "a complex number": 1j,
    "an empty list": [],
    "an empty tuple": (),
    "an empty dict": {},
    "a set": {1, 2},
    "a ragged list": [[1, 2], [3]],
    "nested Nones": (None, [None], {"a": None}),
    "objects": np.array([object(), None]),
    "dates": np.array(["2026-11-22"], "datetime64[D]"),
    "strings": np.array(["a", "b"]),
    "no entries": np.zeros((0, 3)),
    "infinities": np.full((3, 4), np.inf),
    "many axes": np.zeros((1,) * 9),
    "three numbers": (1.0, 2.0, 3.0),
    "a function": len,
    "booleans": [True, False],
}


@pytest.mark.thorough
@pytest.mark.parametrize("name", exercises.names())
def test_strange_answers_are_refused_and_never_raise(name: str) -> None:
    for kind, answer in STRANGE.items():
        report = evaluate(name, lambda *_, answer=answer: answer)
        assert not report.passed, kind
        assert str(report), kind
        assert report._repr_html_(), kind


@pytest.mark.thorough
# The bias of one example gets the upstream gradient as it is.
@pytest.mark.parametrize("name", [name for name in exercises.names() if name != "linear_vjp_b"])
def test_handing_back_the_arguments_is_refused(name: str) -> None:
    for answer in (
        lambda *a: a,
        lambda *a: a[0],
        lambda *a: a[-1],
        lambda *a: list(a),
        lambda *a: (a[0],) * 3,
    ):
        assert not evaluate(name, answer).passed


def test_an_unknown_exercise_proposes_the_closest() -> None:
    with pytest.raises(KeyError, match="Did you mean 'relu_backward'"):
        evaluate("relu_backwards", lambda: None)


def test_a_result_in_place_of_a_function_is_refused() -> None:
    with pytest.raises(TypeError, match="the function itself, got a value of type ndarray"):
        evaluate("relu_backward", np.zeros(2))  # type: ignore[arg-type]


def test_cases_are_plain_data_and_follow_the_seed() -> None:
    for name in exercises.names():
        exercise = exercises.get(name)
        first, again, other = (list(exercise.cases(np.random.default_rng(s))) for s in (0, 0, 1))
        assert repr(first) == repr(again), name
        assert [case.why for case in first] == [case.why for case in other], name
        for case in first:
            assert len(case.inputs) in (len(exercise.parameters), _required(exercise)), name
            _assert_plain(case.inputs)


def _required(exercise: exercises.Exercise) -> int:
    parameters = exercise.signature.parameters.values()
    return sum(p.default is p.empty for p in parameters)


def _assert_plain(value: Any) -> None:
    if isinstance(value, list | tuple):
        for v in value:
            _assert_plain(v)
    elif isinstance(value, dict):
        _assert_plain([*value.keys(), *value.values()])
    elif isinstance(value, np.ndarray):
        assert value.dtype != object
    else:
        assert value is None or isinstance(value, int | float | str | np.generic | exercises.Named), type(
            value
        )

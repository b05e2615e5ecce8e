"""What every forward and backward pass promises, whatever its formula."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ops.op_table import EXAMPLES, EXTREMES, OPS, Op, assert_close, cases, is_float_array

pytestmark = pytest.mark.thorough

FEW = settings(EXAMPLES, max_examples=10)
SHARED_OVER_THE_BATCH = {"prelu", "broadcast", "squared_error", "squared_distance"}
AVERAGED = {"kl_divergence", "cross_entropy", "softmax_cross_entropy"}
ROW_BY_ROW = [
    op
    for op in OPS
    if all(shape.strip().startswith("...") for shape in op.shapes.split(","))
    and op.name not in SHARED_OVER_THE_BATCH | AVERAGED
]
every_op = pytest.mark.parametrize("op", OPS, ids=str)


@every_op
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
@given(data=st.data())
@FEW
def test_gradients_have_the_shape_and_type_of_their_inputs(op: Op, dtype: type, data: st.DataObject) -> None:
    dy, inputs = data.draw(cases(op, dtype))
    assert op.forward(*inputs).dtype == dtype
    gradients = op.gradients(dy, *inputs)
    wanted = op.differentiable(inputs)
    assert [(g.shape, g.dtype) for g in gradients] == [(np.shape(a), dtype) for a in wanted]


@every_op
@given(data=st.data())
@FEW
def test_inputs_are_not_changed_and_results_share_no_memory(op: Op, data: st.DataObject) -> None:
    dy, inputs = data.draw(cases(op))
    before = [np.copy(a) for a in (dy, *inputs)]
    op.forward(*inputs)
    gradients = op.gradients(dy, *inputs)
    for now, then in zip((dy, *inputs), before, strict=True):
        np.testing.assert_array_equal(now, then)
    for i, gradient in enumerate(gradients):
        others = [a for a in (dy, *inputs) if isinstance(a, np.ndarray)] + list(gradients[:i])
        assert not any(np.shares_memory(gradient, other) for other in others)


@every_op
@given(data=st.data(), a=st.floats(-3, 3), b=st.floats(-3, 3))
@EXAMPLES
def test_the_backward_pass_is_linear_in_dy(op: Op, data: st.DataObject, a: float, b: float) -> None:
    dy, inputs = data.draw(cases(op))
    other = np.cos(dy)
    apart = zip(op.gradients(dy, *inputs), op.gradients(other, *inputs), strict=True)
    together = op.gradients(a * dy + b * other, *inputs)
    for both, (first, second) in zip(together, apart, strict=True):
        assert_close(both, a * first + b * second)


@every_op
@given(data=st.data())
@EXAMPLES
def test_the_gradient_is_the_slope_along_any_direction(op: Op, data: st.DataObject) -> None:
    dy, inputs = data.draw(cases(op))
    wanted = op.differentiable(inputs)
    directions = [np.sin(np.arange(1.0, np.size(a) + 1)).reshape(np.shape(a)) for a in wanted]

    def loss(step: float) -> Any:
        moved = [a + step * v for a, v in zip(wanted, directions, strict=True)]
        return np.sum(dy * op.forward(*moved, *inputs[len(wanted) :]))

    h = 1e-6 * (1.0 if op.whole_line else min(np.abs(a).min() for a in wanted))
    slope = sum(np.sum(g * v) for g, v in zip(op.gradients(dy, *inputs), directions, strict=True))
    assert slope == pytest.approx((loss(h) - loss(-h)) / (2 * h), rel=1e-4, abs=1e-4)


@pytest.mark.parametrize("op", [op for op in OPS if op.whole_line], ids=str)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@given(data=st.data())
@EXAMPLES
def test_values_and_gradients_are_finite_at_ten_thousand(op: Op, dtype: type, data: st.DataObject) -> None:
    dy, inputs = data.draw(cases(op, dtype, EXTREMES))
    for result in (op.forward(*inputs), *op.gradients(dy, *inputs)):
        assert np.isfinite(result).all()


@pytest.mark.parametrize("op", [op for op in OPS if op.whole_line], ids=str)
@given(data=st.data())
@FEW
def test_integers_and_lists_count_as_floats(op: Op, data: st.DataObject) -> None:
    dy, inputs = data.draw(cases(op, values=(-2.0, -1.0, 0.0, 3.0)))
    floats = [np.rint(a) if is_float_array(a) else a for a in inputs]
    integers = [a.astype(int).tolist() if is_float_array(a) else a for a in floats]
    assert_close(op.forward(*integers), op.forward(*floats))
    for actual, desired in zip(op.gradients(dy, *integers), op.gradients(dy, *floats), strict=True):
        assert_close(actual, desired)


@pytest.mark.parametrize("op", ROW_BY_ROW, ids=str)
@given(data=st.data())
@FEW
def test_a_batch_is_its_rows_one_by_one(op: Op, data: st.DataObject) -> None:
    dy, inputs = data.draw(cases(op).filter(lambda case: np.ndim(case[1][0]) > 1))
    for row in range(len(inputs[0])):
        alone = [a[row] if isinstance(a, np.ndarray) else a for a in inputs]
        assert_close(op.forward(*inputs)[row], op.forward(*alone))
        batch_and_row = zip(op.gradients(dy, *inputs), op.gradients(dy[row], *alone), strict=True)
        for batch_gradient, row_gradient in batch_and_row:
            assert_close(batch_gradient[row], row_gradient)

"""No wrong verdict on the hard questions of `verdicts`, and none withheld where one can be given."""

import numpy as np
import pytest

from backprop_course import gradcheck, ops
from backprop_course.numerical import subgradient_violation
from tests.gradcheck.verdicts import mistaken, ours, questions


@pytest.mark.parametrize("question", questions(), ids=lambda q: f"{q.kind}: {q.name}")
def test_no_wrong_verdict(question):
    verdict = ours(question)
    assert not mistaken(question, verdict)
    assert (verdict != "cannot be told") or not question.told


@pytest.mark.parametrize(
    ("forward", "words"),
    [
        (np.sign, "jumps at x[0]"),
        (np.cbrt, "an infinite slope at x[0]"),
        (np.sqrt, "an infinite slope at x[0]"),
    ],
)
def test_a_report_says_why_it_cannot_tell(forward, words):
    report = gradcheck(lambda x: forward(x), lambda dy, x: 0 * dy, np.zeros(1))
    assert (report.passed, bool(report), report.verdict) == (False, False, "cannot be told")
    assert words in str(report)
    assert str(report).startswith("gradcheck cannot tell: forward ")
    assert "cannot tell" in report._repr_html_()
    assert "Move the point" in str(report)


def test_a_wrong_entry_beside_one_that_cannot_be_told_is_wrong():
    x = np.array([0.0, 2.0])
    assert gradcheck(np.sqrt, lambda dy, x: dy * np.array([0, 1 / 8**0.5]), x).verdict == "cannot be told"
    report = gradcheck(np.sqrt, lambda dy, x: dy * np.array([0, 1.0]), x)
    assert (report.verdict, report.worst.index) == ("wrong", (1,))


def test_confident_rows_of_a_network_do_not_keep_the_others_from_a_verdict():
    z = np.array([[60.0, 0.0, 0.0], [0.5, 1.0, -1.0]])

    def loss(z):
        return ops.softmax_cross_entropy(z, np.array([0, 2]))

    def backward(dy, z):
        return dy * ops.softmax_cross_entropy_backward(z, np.array([0, 2]))

    assert gradcheck(loss, backward, z).passed
    assert gradcheck(loss, backward, z.astype(np.float32)).passed
    assert gradcheck(loss, lambda dy, z: backward(dy, z) * np.array([[1], [1.001]]), z).verdict == "wrong"


def test_words_do_not_speak_of_a_kink_where_there_is_none():
    report = gradcheck(lambda x: x[0] * x[1], lambda dy, x: dy * x[::-1] * 1.1, np.array([2.0, 3.0]))
    assert "kink" not in str(report)


def test_what_cannot_be_told_is_no_violation():
    assert subgradient_violation(np.sign, [np.zeros(1)], np.ones(1), [np.zeros(1)]) is None


def no_return_beside(x):
    if (x == 1).all():
        return x.copy()


def raises_beside(x):
    if (x != 1).any():
        raise RuntimeError("boom")
    return x.copy()


@pytest.mark.parametrize(
    ("forward", "error", "words"),
    [
        (lambda x: None, TypeError, "forward returned None at the point"),
        (no_return_beside, TypeError, "forward returned None beside the point"),
        (raises_beside, ValueError, "forward raised RuntimeError beside the point: boom"),
    ],
)
def test_a_forward_that_does_not_answer(forward, error, words):
    with pytest.raises(error, match=words):
        gradcheck(forward, lambda dy, x: dy, np.ones(2))


def test_a_longdouble_beyond_float64():
    with pytest.raises(ValueError, match="beyond"):
        gradcheck(lambda x: 2 * x, lambda dy, x: 2 * dy, np.array([np.longdouble("1e400")]))

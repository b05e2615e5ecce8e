"""Each benchmark runs, at a size that takes no time, and its table says what was measured."""

import re

import pytest

from backprop_course.network import activation_memory
from tests.benchmarks import claims, evaluate_speed, otter_speed, start_speed, verdicts, wrong_answers
from tests.benchmarks._measure import medians
from tests.gradcheck import peers
from tests.gradcheck.verdicts import questions
from tests.mistakes._corpus import Specimen


def test_each_call_has_as_many_turns_and_the_median_of_them():
    turns, seconds = [], iter(range(100))

    def clock():
        return float(next(seconds) ** 2)

    calls = {name: lambda name=name: turns.append(name) for name in ("ours", "theirs")}
    found = medians(calls, repeat=3, least=0, clock=clock)
    assert turns == ["ours", "theirs"] + ["ours", "theirs"] * 3  # once before, to be warm
    assert found == {"ours": 9.0, "theirs": 13.0}  # the differences of squares 1, 9, 17 and 5, 13, 21


@pytest.mark.oracles
def test_operations_stand_beside_each_peer_and_their_floor(capsys):
    pytest.importorskip("torch")
    pytest.importorskip("jax")
    from tests.benchmarks import ops_speed

    ops_speed.main(sizes=(10, 10_000), repeat=1)
    said = capsys.readouterr().out
    assert re.search(r"entries +ours +ours/torch +ours/jax +ours/HIPS", said)
    measured = re.findall(r"^(\w+) +(?:10|10,000) +[\d.]+µs(?: +[\d.]+){3}$", said, re.MULTILINE)
    assert len(measured) == 12
    assert len(set(measured)) == 6
    assert re.search(r"np.where +10 +[\d.]+ of ours", said)
    assert len(re.findall(r"^reach: .*× at worst, \d of 6 within \| ≤ [\d.]+× \|", said, re.MULTILINE)) == 2


@pytest.mark.oracles
def test_a_training_step_arrives_where_the_peers_arrive(capsys):
    pytest.importorskip("torch")
    pytest.importorskip("jax")
    from tests.benchmarks import training_speed

    training_speed.main(batches=(8,), repeat=1)
    said = capsys.readouterr().out
    assert re.search(r"^a step on 8 digits +[\d.]+µs +[\d.]+ +[\d.]+$", said, re.MULTILINE)
    assert "reach: a training step beside PyTorch eager" in said


@pytest.mark.oracles
def test_every_checker_that_is_installed_is_timed_on_the_same_function(capsys):
    pytest.importorskip("torch")
    pytest.importorskip("jax")
    from tests.benchmarks import gradcheck_speed

    gradcheck_speed.main(["softmax 32x10"], repeat=1)
    timed = re.findall(r"^  (\S.*?) +[\d.]+ ms +[\d.]+  ours/", capsys.readouterr().out, re.MULTILINE)
    assert timed == ["ours", *peers.installed()]


def test_every_checker_is_asked_the_same_questions(capsys):
    asked = [q for q in questions() if q.name in ("relu at 0, 0.5", "relu at 0, 1.1")]
    verdicts.main(asked)
    said = capsys.readouterr().out
    (row,) = re.findall(r"^kink +(\d+) +(\d.*)$", said, re.MULTILINE)
    assert row[0] == str(len(asked)) == "2"
    assert len(row[1].split()) == 1 + len(peers.installed())
    assert row[1].split()[0] == "0"


@pytest.mark.parametrize("peer", peers.installed())
def test_a_peer_tells_right_from_wrong_where_it_is_easy(peer):
    easy = {q.name: q for q in questions() if q.name in ("3 x at 1e-06", "3 x at 1e-06, wrong sign")}
    assert [peers.verdict(peer, q) for q in easy.values()] == ["right", "wrong"]


@pytest.mark.parametrize("method", wrong_answers.METHODS)
def test_a_course_s_method_tells_right_from_wrong_where_it_is_easy(method):
    _, right = wrong_answers.judged()
    assert wrong_answers.passes(method, next(s for s in right if s.exercise == "relu_backward"), seed=0)
    seven_times = Specimen("relu_backward", lambda dy, z: 7 * dy)
    assert not wrong_answers.passes(method, seven_times, seed=0)


def test_wrong_answers_go_through_every_method_and_through_check(capsys):
    wrong_answers.main(draws=1, most=3)
    said = capsys.readouterr().out
    for method in (*wrong_answers.METHODS, "check"):
        assert re.search(rf"^{re.escape(method)} +[\d.]+ of 3 +[\d.]+ of 3$", said, re.MULTILINE)


def test_the_claims_are_fitted_and_compared(capsys):
    claims.main(jacobian=(32, 64), vjp=(32, 64), widths=(8,), depths=(2, 3), repeat=1)
    said = capsys.readouterr().out
    assert re.search(r"exponents of D: Jacobian -?[\d.]+ in time, -?[\d.]+ in memory", said)
    assert len(re.findall(r"^width 8 +[23] ", said, re.MULTILINE)) == 2
    assert said.count("reach: ") == 3


def test_an_exponent_is_found_again():
    assert claims.exponent([10, 20, 40], [3 * n**1.7 for n in (10, 20, 40)]) == pytest.approx(1.7)


def test_activations_take_the_memory_that_the_formula_says():
    assert claims.held(256, [64] * 5) == pytest.approx(activation_memory(256, [64] * 5), rel=0.05)


def test_one_check_is_timed_beside_the_bare_calls(capsys):
    evaluate_speed.main(["relu_backward"])
    assert re.search(r"^relu_backward( +[\d.]+){3}$", capsys.readouterr().out, re.MULTILINE)


def test_the_wait_for_import_verdict_and_notebook_is_shown(capsys, root):
    start_speed.main([root / "solutions/00-start/start.ipynb"], repeat=1)
    said = capsys.readouterr().out
    for what in (*start_speed.SCRIPTS, "00-start"):
        assert re.search(rf"^{re.escape(what)} +[\d.]+$", said, re.MULTILINE)


@pytest.mark.nbgrader
def test_otter_and_ours_give_the_same_marks(capsys):
    otter_speed.main(2)  # it ends with an error where the marks differ
    said = capsys.readouterr().out
    assert "reach: grading beside `otter run`" in said or "otter-grader is not installed" in said

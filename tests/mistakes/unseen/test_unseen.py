"""Answers that the checker was not taught: never accepted when wrong, never refused when right."""

from pathlib import Path

import pytest

from backprop_course import evaluate
from backprop_course.checking import CATALOGUE
from tests.mistakes._corpus import Specimen
from tests.mistakes.unseen import UNSEEN, read_files
from tests.mistakes.unseen.__main__ import summary

OPEN = {
    "squared_error_node_gradients-generator",  # three values are asked for, and a generator is none
    "sgd_step-deepcopy, then in place",  # NumPy refuses it for integers, and the task speaks of them
}
CORPORA = (UNSEEN, *read_files().values())
WRONG = [s for corpus in CORPORA for s in corpus.wrong if s.label not in OPEN]
RIGHT = [s for corpus in CORPORA for s in corpus.right if s.label not in OPEN]


@pytest.mark.parametrize("specimen", WRONG, ids=lambda s: s.label)
def test_a_wrong_implementation_is_refused(specimen: Specimen) -> None:
    for seed in (0, 20_261_122):
        assert not evaluate(specimen.exercise, specimen.function, seed=seed).passed


@pytest.mark.parametrize("specimen", RIGHT, ids=lambda s: s.label)
def test_a_right_implementation_passes(specimen: Specimen) -> None:
    for seed in (0, 1, 2):
        report = evaluate(specimen.exercise, specimen.function, seed=seed)
        assert report.passed, str(report)


def test_the_names_expected_are_the_catalogue_s() -> None:
    assert {name for specimen in WRONG for name in specimen.names} <= set(CATALOGUE)


def test_the_readme_shows_the_summary() -> None:
    assert summary() in (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")

"""Every wrong implementation is refused under its right name; every right one passes."""

from pathlib import Path

import pytest

from backprop_course import evaluate
from backprop_course.checking import CATALOGUE
from tests.mistakes import RIGHT, WRONG, Specimen
from tests.mistakes.__main__ import summary
from tests.mistakes._corpus import named


@pytest.mark.parametrize("specimen", WRONG, ids=lambda s: s.label)
def test_a_wrong_implementation_is_refused_and_named(specimen: Specimen) -> None:
    # A vague name does not mislead; how often it is all there is, the test below bounds.
    assert named(specimen) in (*specimen.names, "wrong-value")


def test_nearly_all_are_named_precisely() -> None:
    assert sum(named(s) in s.names for s in WRONG) >= 0.95 * len(WRONG)


@pytest.mark.parametrize("specimen", RIGHT, ids=lambda s: s.label)
def test_a_right_implementation_passes(specimen: Specimen) -> None:
    for seed in (0, 1, 2):
        report = evaluate(specimen.exercise, specimen.function, seed=seed)
        assert report.passed, str(report)


@pytest.mark.parametrize("specimen", WRONG, ids=lambda s: s.label)
def test_hidden_cases_refuse_it_too(specimen: Specimen) -> None:
    assert not evaluate(specimen.exercise, specimen.function, seed=20_261_122).passed


def test_the_corpus_uses_the_catalogue_s_names() -> None:
    assert {name for specimen in WRONG for name in specimen.names} <= set(CATALOGUE)


def test_the_readme_shows_the_summary() -> None:
    assert summary() in (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")

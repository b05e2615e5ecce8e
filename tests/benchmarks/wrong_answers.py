"""Wrong answers through the tests that courses use: ``python -m tests.benchmarks.wrong_answers``.

The corpus's wrong backward passes, and its right ones, go through `check` and through the methods of
well-known courses. Each method sees one case, drawn at random from the exercise's own away from kinks.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from backprop_course import exercises
from backprop_course.checking._call import call
from tests.benchmarks._measure import reach
from tests.mistakes import RIGHT, WRONG
from tests.mistakes._corpus import Specimen, named

DRAWS = 3
STEP = 1e-5
Function = Callable[..., Any]


def judged() -> tuple[list[Specimen], list[Specimen]]:
    """Wrong and right answers of the exercises to which every method applies."""
    wrong, right = ([s for s in corpus if _applies(exercises.get(s.exercise))] for corpus in (WRONG, RIGHT))
    return wrong, right


def _applies(exercise: exercises.Exercise) -> bool:
    """Whether there is an upstream gradient, and a forward function of all that has a gradient."""
    inputs = {name.removeprefix("d") for name in exercise.returns}
    return bool(exercise.upstream and exercise.forward and inputs <= set(exercise.parameters))


def one_case(exercise: exercises.Exercise, seed: int) -> tuple[Any, ...]:
    """Arguments of one ordinary case of an exercise."""
    rng = np.random.default_rng(seed)
    cases = [case for case in exercise.cases(rng) if not (case.kink or case.raises)]
    return tuple(cases[rng.integers(len(cases))].inputs)


def answer(exercise: exercises.Exercise, function: Function, inputs: tuple[Any, ...]) -> list[np.ndarray]:
    """Return what a function gives: one array for each gradient that the exercise returns."""
    outcome = call(function, inputs, time_limit=1.0)
    if outcome.raised is not None or outcome.timed_out:
        raise RuntimeError("no answer")
    several = len(exercise.returns) > 1
    return [np.asarray(gradient) for gradient in (outcome.value if several else [outcome.value])]


def all_close(specimen: Specimen, inputs: tuple[Any, ...]) -> bool:
    """``np.allclose`` with the right answer, gradient by gradient."""
    exercise = exercises.get(specimen.exercise)
    theirs, right = (answer(exercise, f, inputs) for f in (specimen.function, exercise.reference))
    return all(np.allclose(a, b) for a, b in zip(theirs, right, strict=True))


def all_ones(specimen: Specimen, inputs: tuple[Any, ...]) -> bool:
    """The same, with an upstream gradient of ones."""
    return all_close(specimen, (np.ones_like(np.asarray(inputs[0], float)), *inputs[1:]))


def quotients(
    specimen: Specimen, inputs: tuple[Any, ...]
) -> Iterator[tuple[np.ndarray, Callable[..., float]]]:
    """Each gradient of an answer, with the central difference of <dy, f> at an entry of its input."""
    exercise = exercises.get(specimen.exercise)
    dy, *rest = inputs
    theirs = answer(exercise, specimen.function, inputs)
    names = [name.removeprefix("d") for name in exercise.returns]
    for gradient, name in zip(theirs, names, strict=True):
        place = exercise.parameters[1:].index(name)

        def quotient(entry: tuple[int, ...], place: int = place) -> float:
            heights = []
            for side in (STEP, -STEP):
                moved = [np.array(a, float) if i == place else a for i, a in enumerate(rest)]
                moved[place][entry] += side
                heights.append(np.sum(np.asarray(dy) * exercise.forward(*moved)))  # type: ignore[misc]
            return float(heights[0] - heights[1]) / (2 * STEP)

        if gradient.shape != np.shape(rest[place]):
            raise ValueError("the shape of its input")
        yield gradient, quotient


def one_entry(specimen: Specimen, inputs: tuple[Any, ...]) -> bool:
    """Central difference at one sampled entry of each gradient, relative error under 10⁻⁵."""
    rng = np.random.default_rng(0)
    for gradient, quotient in quotients(specimen, inputs):
        entry = tuple(int(rng.integers(n)) for n in gradient.shape)
        a, n = float(gradient[entry]), quotient(entry)
        if not abs(a - n) <= 1e-5 * max(abs(a) + abs(n), 1e-8):
            return False
    return True


def fixed_1e_7(specimen: Specimen, inputs: tuple[Any, ...]) -> bool:
    """All entries, ‖a - n‖ / (‖a‖ + ‖n‖) under 10⁻⁷."""
    for gradient, quotient in quotients(specimen, inputs):
        a = np.asarray(gradient, float)
        n = np.array([quotient(entry) for entry in np.ndindex(a.shape)]).reshape(a.shape)
        if not np.linalg.norm(a - n) <= 1e-7 * (np.linalg.norm(a) + np.linalg.norm(n)):
            return False
    return True


METHODS: dict[str, Callable[[Specimen, tuple[Any, ...]], bool]] = {
    "np.allclose, one random case": all_close,
    "np.allclose, upstream of ones": all_ones,
    "central difference, one entry": one_entry,
    "central differences, fixed 1e-7": fixed_1e_7,
}


def passes(method: str, specimen: Specimen, seed: int) -> bool:
    """Whether an answer gets through on one case; what the method cannot use does not."""
    with np.errstate(all="ignore"):
        try:
            return METHODS[method](specimen, one_case(exercises.get(specimen.exercise), seed))
        except Exception:  # a wrong shape or kind of answer ends the course's test with an error
            return False


def main(draws: int = DRAWS, most: int | None = None) -> None:
    """Print how many wrong answers each way lets through, and how many right ones it refuses."""
    wrong, right = (specimens[:most] for specimens in judged())
    print(f"{f'mean of {draws} draws':<36}{'wrong, let through':>20}{'right, refused':>18}")
    let: dict[str, float] = {}
    for method in METHODS:
        let[method] = sum(passes(method, s, seed) for s in wrong for seed in range(draws)) / draws
        kept = sum(passes(method, s, seed) for s in right for seed in range(draws)) / draws
        print(f"{method:<36}{let[method]:>11.1f} of {len(wrong)}{len(right) - kept:>11.1f} of {len(right)}")
    ours, refused = sum(not named(s) for s in wrong), sum(bool(named(s)) for s in right)
    print(f"{'check':<36}{ours:>11.1f} of {len(wrong)}{refused:>11.1f} of {len(right)}")
    measured = f"{ours} of {len(wrong)}; courses' methods {min(let.values()):.0f} to {max(let.values()):.0f}"
    reach("wrong backward passes that `check` lets through", measured, "0", ours == 0, "See the table")


if __name__ == "__main__":
    main()

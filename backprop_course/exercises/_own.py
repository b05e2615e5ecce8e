"""Exercises declared outside the package: by an installed package, or in a class's file."""

import functools
import os
import runpy
from collections.abc import Callable, Iterable

from backprop_course.exercises._declare import Exercise

GROUP = "backprop_course.exercises"  # an entry point of it leads to an iterable of exercises
FILE = "BACKPROP_COURSE_EXERCISES"  # names a class's file; its nbgrader configuration sets it


def own_exercises(taken: Iterable[str]) -> dict[str, Exercise]:
    """Find the exercises declared outside, by name.

    Raises
    ------
    ImportError
        When a declaration cannot be loaded, is no exercise, or takes a name that is taken.
    """
    found: dict[str, Exercise] = {}
    for where, exercise in (*_from_entry_points(), *_from_file(os.environ.get(FILE, ""))):
        if exercise.name in taken or exercise.name in found:
            raise ImportError(f"{where} declares {exercise.name}, which there is already. Rename one.")
        found[exercise.name] = exercise
    return found


@functools.cache  # what is installed does not change while a process runs, and looking it up takes a while
def _from_entry_points() -> tuple[tuple[str, Exercise], ...]:
    from importlib import metadata  # takes a while to load, too

    return tuple(
        declared
        for point in metadata.entry_points(group=GROUP)
        for declared in _declared(f"the entry point {point.name} = {point.value}", point.load)
    )


@functools.cache
def _from_file(file: str) -> tuple[tuple[str, Exercise], ...]:
    return tuple(_declared(file, lambda: runpy.run_path(file)["EXERCISES"])) if file else ()


def _declared(where: str, load: Callable[[], Iterable[object]]) -> list[tuple[str, Exercise]]:
    try:
        loaded = list(load())
    except KeyError as missing:
        raise ImportError(f"{where} has no {missing}; expected EXERCISES = (Exercise(...), ...)") from missing
    except Exception as reason:
        raise ImportError(f"{where} cannot be loaded: {type(reason).__name__}: {reason}") from reason
    for other in (found for found in loaded if not isinstance(found, Exercise)):
        raise ImportError(f"{where} holds {other!r}; expected an Exercise of backprop_course.exercises")
    return [(where, exercise) for exercise in loaded if isinstance(exercise, Exercise)]

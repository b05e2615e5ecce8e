"""How fast a class is graded beside otter-grader: ``python -m tests.benchmarks.otter_speed [SUBMISSIONS]``.

The yardstick is ``otter run``, which grades one notebook without a container, as is: its tests call `check`
on the same answers and give the same points. Both grade the same submissions, and the marks must be the same.
"""

import importlib.util
import json
import os
import sys
import tempfile
from pathlib import Path

from backprop_course import exercises
from tests.benchmarks._measure import reach
from tests.benchmarks.grading_speed import ASSIGNMENT, OURS, make_class, marks, run

TEST = """OK_FORMAT = False

from otter.test_files import test_case

from backprop_course import check

name, points = {name!r}, {points}


@test_case()
def checked(env):
    check(env[{name!r}])
"""


def make_autograder(folder: Path) -> Path:
    """Write one test for each exercise of the assignment, and let otter pack them."""
    (folder / "tests").mkdir()
    for exercise in exercises.assigned(ASSIGNMENT):
        text = TEST.format(name=exercise.name, points=exercise.points)
        (folder / "tests" / f"{exercise.name}.py").write_text(text, encoding="utf-8")
    run(folder, "otter", "generate", "--tests-dir", "tests", "--no-environment", "--no-config")
    return folder / "autograder.zip"


def by_otter(folder: Path, submitted: list[Path]) -> tuple[float, list[float]]:
    """Seconds that otter takes for these notebooks, and their marks."""
    autograder, seconds, given = make_autograder(folder), 0.0, []
    for notebook in submitted:
        command = ("otter", "run", "--no-logo", "--autograder", str(autograder), str(notebook))
        seconds += run(folder, *command)
        results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
        given.append(sum(test["score"] for test in results["tests"] if "score" in test))
    return seconds, given


def main(submissions: int = 40) -> None:
    """Print submissions a minute of both; otter grades the first four of them."""
    if importlib.util.find_spec("otter") is None:
        print("otter-grader is not installed: it is one of the extra `bench`")
        return
    few, jobs = min(4, submissions), os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as place:
        theirs, ours = Path(place, "otter"), Path(place, "ours")
        theirs.mkdir()
        make_class(ours, OURS, submissions)
        submitted = sorted((ours / "submitted").glob(f"*/{ASSIGNMENT}/*.ipynb"))
        seconds, given = by_otter(theirs, submitted[:few])
        rate = 60 * submissions / run(ours, "backprop-course", "grade", ASSIGNMENT, "--jobs", str(jobs))
        if given != marks(ours)[:few]:
            raise SystemExit(f"the marks differ: {given} and {marks(ours)[:few]}")
    ratio = rate * seconds / few / 60
    print(f"{ASSIGNMENT}, every second one wrong in a third of the answers; the same marks")
    print(f"otter run:             {60 * few / seconds:6.1f} submissions a minute ({few} of them)")
    print(f"backprop-course grade: {rate:6.1f} submissions a minute ({submissions} of them, {jobs} jobs)")
    print(f"ratio:                 {ratio:6.1f}")
    why = "`otter run` has no sandbox, and nothing judges outside of it"
    reach("grading beside `otter run`", f"{ratio:.1f}× as many a minute", "≥ 10×", ratio >= 10, why)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

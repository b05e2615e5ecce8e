"""A large mixed class, and what is left of it: ``python -m tests.benchmarks.grading_mixed [SUBMISSIONS]``.

Every third submission is right, every third wrong, and every third one of the attacks and accidents of
``tests/attacks``, in turn. All of them must be graded, the right ones with every point and no attack with
more than its honest score, and no process and no file may be left behind. Memory is shown over time.
"""

import sys
import tempfile
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook

from backprop_course.grading.course import make_releases
from tests.attacks.code import ATTACKS, WRONG
from tests.attacks.conftest import CONFIG, POINTS, RIGHT, answered, source
from tests.attacks.files import FILES
from tests.benchmarks._watched import Watched, watched

BAD = {**ATTACKS, **FILES}
HONEST = sum(POINTS.values()) - POINTS["check_relu_backward"]


def make_class(course: Path, submissions: int) -> None:
    """Make the class; a student's name begins with a number and ends with what was handed in."""
    folder = course / "source/attacked"
    folder.mkdir(parents=True)
    nbformat.write(source(), folder / "page.ipynb")
    (course / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    make_releases(course, ["attacked"], lambda name: None)
    release = nbformat.read(course / "release/attacked/page.ipynb", as_version=4)
    for number in range(submissions):
        kind = ("right", "wrong", list(BAD)[number // 3 % len(BAD)])[number % 3]
        place = course / "submitted" / f"{number:04d}-{kind}" / "attacked"
        place.mkdir(parents=True)
        if kind in FILES:
            FILES[kind][0](place, answered(release, RIGHT), course)
            continue
        code = RIGHT["relu_backward"] if kind == "right" else ATTACKS.get(kind, ("", ""))[0]
        if "def relu_backward" not in code and "relu_backward =" not in code:
            code += WRONG
        nbformat.write(answered(release, RIGHT | {"relu_backward": code}), place / "page.ipynb")


def verdict(course: Path, submissions: int) -> list[str]:
    """Say what is wrong with the marks; nothing where all is well."""
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        found = {s.student.id: s.score for s in gradebook.assignment_submissions("attacked")}
    said = [f"{submissions - len(found)} have no grade"] if len(found) != submissions else []
    for student, score in found.items():
        kind = student.partition("-")[2]
        if kind == "right" and score != sum(POINTS.values()):
            said.append(f"{student} has {score} in place of {sum(POINTS.values())}")
        if kind in {"wrong", *ATTACKS} and score > HONEST:
            said.append(f"{student} has {score}, more than the honest {HONEST}")
    return said


def leftovers(course: Path, scratch: Path) -> list[str]:
    """List files that grading should have removed."""
    private = {"secret", "runs.json", "lock"}
    beside = [
        path for path in (course / ".grading").rglob("*") if path.is_file() and path.name not in private
    ]
    return [str(path) for path in [*beside, *scratch.iterdir()]]


def main(submissions: int = 1000) -> None:
    with tempfile.TemporaryDirectory() as place:
        course, scratch = Path(place, "course"), Path(place, "scratch")
        Path(place).chmod(0o755)  # the sandbox reads its view of the course as nobody
        scratch.mkdir(mode=0o755)
        make_class(course, submissions)
        seen = watched(course, "backprop-course", "grade", "attacked", "--jobs", "2", TMPDIR=str(scratch))
        wrong = [*verdict(course, submissions), *leftovers(course, scratch), *seen.left]
    report(seen, submissions)
    if seen.code or wrong:
        raise SystemExit("\n".join([f"exit code {seen.code}", *wrong, seen.said[-3000:]]))
    print("all graded, no mark too high, no process and no file left")


def report(seen: Watched, submissions: int) -> None:
    """Print rate and memory over time, in ten steps."""
    print(f"{submissions} in {seen.seconds:.0f} s: {submissions / seen.seconds * 60:.0f} a minute")
    print("   second   MB: command   all it started   processes")
    step = max(1, len(seen.memory) // 10)
    for second, own, others, number in seen.memory[::step]:
        print(f"{second:9.0f} {own:13.0f} {others:16.0f} {number:11}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

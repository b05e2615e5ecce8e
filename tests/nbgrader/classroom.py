"""A course folder as an instructor has it, nbgrader's own commands in it, and what they leave behind."""

import csv
import html
import os
import re
import shutil
import subprocess
import sysconfig
import time
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.api import Gradebook

from backprop_course import exercises
from tests.nbgrader.notebook_cells import graded_cells, marks, names_in, solution_cells

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENTS = sorted({exercises.get(name).assignment for name in exercises.names()})
START = "00-start"  # the page before the first assignment, which asks for nothing
TROUBLED = "04-activations"  # the assignment whose class has students with broken notebooks, and a killed run
SCRIPTS = Path(sysconfig.get_path("scripts"))
# What may lie beside a solution by accident. None of it may reach a student.
STRAY = ("answers.py", ".hidden", "drafts/old.txt", "drafts/.cache")


@dataclass(frozen=True)
class Assignment:
    """An assignment as its solution notebook has it, and the exercises declared for it."""

    name: str
    file: str
    solution: NotebookNode

    @property
    def exercises(self) -> dict[str, exercises.Exercise]:
        """The declarations, by name, in the order of the course."""
        declared = {name: exercises.get(name) for name in exercises.names()}
        return {name: exercise for name, exercise in declared.items() if exercise.assignment == self.name}

    @property
    def points(self) -> dict[str, float]:
        """What each function is worth."""
        return {name: exercise.points for name, exercise in self.exercises.items()}

    def wrong_for(self, student: int) -> set[str]:
        """Choose the functions that one of the students with wrong answers has wrong.

        Function number n is wrong for student s where binary digit s of n is 1. So each function is wrong for
        some students, no two for the same ones, and a handful of notebooks tells whose points go.
        """
        return {name for n, name in enumerate(self.exercises, start=1) if n >> student & 1}

    def lost_with(self, wrong: set[str]) -> set[str]:
        """Add to some functions those whose solution calls one of them, directly or not."""
        calls = {name: names_in(cell) for name, cell in solution_cells(self.solution).items()}
        lost = wrong | {name for name, called in calls.items() if called & wrong}
        return lost if lost == wrong else self.lost_with(lost)

    @property
    def students_with_wrong_answers(self) -> range:
        """Number the students that this takes."""
        return range(len(self.exercises).bit_length())


@dataclass(frozen=True)
class Grade:
    """What one graded cell of one student got."""

    score: float | None
    needs_manual_grade: bool


@dataclass(frozen=True)
class Course:
    """A folder with this repository's configuration, sources and releases."""

    folder: Path
    assignment: str

    @property
    def release(self) -> Path:
        """The folder that `nbgrader generate_assignment` writes."""
        return self.folder / "notebooks" / self.assignment

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start an nbgrader command as from a shell in which the virtual environment is not activated."""
        return subprocess.Popen(
            [SCRIPTS / "nbgrader", *arguments],
            cwd=self.folder,
            env=environment(self.folder),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments: str, fails: bool = False) -> str:
        """Run an nbgrader command to its end and give what it says."""
        with self.start(*arguments) as command:
            said, _ = command.communicate()
        assert bool(command.returncode) == fails, said
        return said

    def submit(self, student: str, file: str, content: str) -> None:
        """Put a student's notebook where nbgrader collects it."""
        folder = self.folder / "submitted" / student / self.assignment
        folder.mkdir(parents=True)
        (folder / file).write_text(content, encoding="utf-8")

    def kill_autograde_midway(self) -> None:
        """Kill a run as a full memory or a restart does: while a student's notebook runs."""
        with self.start("autograde", self.assignment) as command:
            while not list(self.folder.glob("autograded/*/*/*.ipynb")):
                assert command.poll() is None, command.communicate()[0]
                time.sleep(0.05)
            command.kill()
            command.communicate()

    def grades(self) -> dict[str, dict[str, Grade]]:
        """Read the gradebook: student, then graded cell, then grade."""
        with Gradebook(f"sqlite:///{self.folder}/gradebook.db") as gradebook:
            return {
                submission.student.id: {
                    grade.name: Grade(grade.auto_score, grade.needs_manual_grade)
                    for notebook in submission.notebooks
                    for grade in notebook.grades
                }
                for submission in gradebook.assignment_submissions(self.assignment)
            }

    def feedback(self) -> dict[str, str]:
        """Read each student's feedback page as text, without its tags."""
        pages = self.folder.glob(f"feedback/*/{self.assignment}/*.html")
        return {page.parent.parent.name: _text(page.read_text(encoding="utf-8")) for page in pages}

    def exported(self) -> dict[str, dict[str, str]]:
        """Read the table that `nbgrader export` writes, a row for each student."""
        with (self.folder / "grades.csv").open(encoding="utf-8") as table:
            return {row["student_id"]: row for row in csv.DictReader(table)}


@dataclass(frozen=True)
class GradedClass:
    """What a class got, from the gradebook, the feedback and the exported table."""

    assignment: Assignment
    course: Course
    said: str

    def grades(self, student: str) -> dict[str, Grade]:
        """Give a student's grades by function."""
        functions = {marks(cell)["grade_id"]: name for name, cell in graded_cells(self.assignment.solution)}
        return {functions[cell]: grade for cell, grade in self.course.grades()[student].items()}

    def scores(self, student: str) -> dict[str, float | None]:
        """Give a student's scores by function."""
        return {name: grade.score for name, grade in self.grades(student).items()}


def open_course(folder: Path, assignment: str) -> Course:
    """Copy what a clone of the repository has of an assignment, add stray files, make the release anew."""
    folder.mkdir()
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    for step in ("solutions", "notebooks"):
        hidden = shutil.ignore_patterns(".*")
        shutil.copytree(ROOT / step / assignment, folder / step / assignment, ignore=hidden)
    for name in STRAY:
        stray = folder / "solutions" / assignment / name
        stray.parent.mkdir(exist_ok=True)
        stray.write_text("not for students")
    course = Course(folder, assignment)
    course.run("generate_assignment", assignment)
    return course


def environment(folder: Path) -> dict[str, str]:
    """Give an environment in which nobody's own Jupyter settings matter and only the system is on PATH."""
    settings = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")
    return os.environ | {name: str(folder / ".jupyter") for name in settings} | {"PATH": os.defpath}


def _text(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", page))

"""A course folder as an instructor has it, nbgrader's own commands in it, and what they leave behind."""

import csv
import html
import os
import re
import shutil
import subprocess
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook

NBGRADER = Path(sysconfig.get_path("scripts")) / "nbgrader"
# What lies beside a solution by accident. None of it may reach a student.
STRAY = ("answers.py", ".hidden", "drafts/old.ipynb.txt", "drafts/.cache")


@dataclass(frozen=True)
class Grade:
    """One graded function of one student."""

    score: float | None
    needs_manual_grade: bool


@dataclass(frozen=True)
class Course:
    """A folder with this repository's configuration and sources."""

    folder: Path
    assignment: str

    @property
    def release(self) -> Path:
        """The folder that `nbgrader generate_assignment` writes."""
        return self.folder / "notebooks" / self.assignment

    def nbgrader(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command as from a shell in which the virtual environment is not activated."""
        return subprocess.run(
            [NBGRADER, *arguments], cwd=self.folder, env=environment(self.folder), capture_output=True, text=True
        )

    def submit(self, student: str, files: dict[str, str]) -> None:
        """Put a student's files where nbgrader collects them."""
        folder = self.folder / "submitted" / student / self.assignment
        folder.mkdir(parents=True)
        for name, text in files.items():
            (folder / name).write_text(text)

    def grades(self) -> dict[str, dict[str, Grade]]:
        """Read the gradebook: student, then test cell, then grade."""
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
        pages = (self.folder / "feedback").glob(f"*/{self.assignment}/*.html")
        return {page.parent.parent.name: _text(page.read_text()) for page in pages}

    def exported(self) -> dict[str, dict[str, str]]:
        """Read the table that `nbgrader export` writes, a row for each student."""
        with (self.folder / "grades.csv").open() as table:
            return {row["student_id"]: row for row in csv.DictReader(table)}


def open_course(root: Path, folder: Path, assignment: str) -> Course:
    """Copy what nbgrader needs of the repository, drop stray files beside the solution, make the release."""
    folder.mkdir()
    shutil.copy(root / "nbgrader_config.py", folder)
    sources = folder / "solutions" / assignment
    shutil.copytree(root / "solutions" / assignment, sources, ignore=shutil.ignore_patterns(".*"))
    for name in STRAY:
        (sources / name).parent.mkdir(exist_ok=True)
        (sources / name).write_text("not for students")
    course = Course(folder, assignment)
    generated = course.nbgrader("generate_assignment", assignment)
    assert generated.returncode == 0, generated.stderr
    return course


def environment(folder: Path) -> dict[str, str]:
    """Give the environment of a user whose own Jupyter settings do not matter, with nothing on PATH but the system."""
    private = {name: str(folder / ".jupyter") for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")}
    return os.environ | private | {"PATH": os.defpath}


def _text(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", page))

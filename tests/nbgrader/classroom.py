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

from nbgrader.api import Gradebook

SCRIPTS = Path(sysconfig.get_path("scripts"))
# What may lie beside a solution by accident. None of it may reach a student.
STRAY = ("answers.py", ".hidden", "drafts/old.txt", "drafts/.cache")


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
        (folder / file).write_text(content)

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
        return {page.parent.parent.name: _text(page.read_text()) for page in pages}

    def exported(self) -> dict[str, dict[str, str]]:
        """Read the table that `nbgrader export` writes, a row for each student."""
        with (self.folder / "grades.csv").open() as table:
            return {row["student_id"]: row for row in csv.DictReader(table)}


def open_course(root: Path, folder: Path, assignment: str) -> Course:
    """Copy what a clone of the repository has of an assignment, drop stray files in, make the release anew."""
    folder.mkdir()
    shutil.copy(root / "nbgrader_config.py", folder)
    for step in ("solutions", "notebooks"):
        ignored = shutil.ignore_patterns(".*")
        shutil.copytree(root / step / assignment, folder / step / assignment, ignore=ignored)
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

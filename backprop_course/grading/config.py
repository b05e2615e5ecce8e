"""How nbgrader runs this course. A class's own configuration calls `configure`: updates reach every class."""

import glob
import os
import shutil
import sys
import sysconfig
from pathlib import Path

from nbgrader.converters import GenerateAssignment
from nbgrader.preprocessors import ClearOutput
from traitlets.config import Config

from backprop_course.exercises._own import FILE
from backprop_course.grading import install
from backprop_course.grading.preprocessors import ClearOutputButQuestions

OWN_EXERCISES = "exercises.py"  # in a class's folder: declarations of exercises of its own

# nbgrader's own lists of steps, with ours in them. Submissions are made whole when they are read, by
# `_converter`; `RunAndJudge` stands where nbgrader has Execute.
RELEASE = [
    ClearOutputButQuestions if step is ClearOutput else step
    for step in GenerateAssignment.preprocessors.default()
]
SANITIZE = ["nbgrader.preprocessors.ClearOutput", "nbgrader.preprocessors.CheckCellMetadata"]
AUTOGRADE = [
    "backprop_course.grading.preprocessors.RunAndJudge",
    "nbgrader.preprocessors.IgnorePattern",
    "nbgrader.preprocessors.LimitOutput",
    "backprop_course.grading.preprocessors.SaveGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
FEEDBACK = [
    "nbgrader.preprocessors.GetGrades",
    "backprop_course.grading.feedback.PrepareFeedback",
    "backprop_course.grading.preprocessors.ClearHiddenTestsFromFeedback",
]


def configure(c: Config, root: Path, source: str = "source", release: str = "release") -> None:
    """Set what this course needs of nbgrader.

    Parameters
    ----------
    c : traitlets.config.Config
        What ``get_config()`` gives in a configuration file.
    root : Path
        The class's folder.
    source, release : str
        Names of the folders in it that hold the solutions and what students get.
    """
    c.CourseDirectory.root = str(root)
    c.CourseDirectory.course_id = root.name
    c.CourseDirectory.source_directory = source
    c.CourseDirectory.release_directory = release
    c.CourseDirectory.ignore = _ignored(root / source)
    # A command does its work anew each time, as in the formgrader. nbgrader's default skips every folder that
    # is there: an older release, feedback older than its grades, the student at whom a run was killed.
    c.BaseConverter.force = True
    c.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}
    # nbgrader takes all points of a test that writes to stderr, a warning included. Here a failed one does.
    c.IgnorePattern.enabled = True
    c.IgnorePattern.pattern = "^"
    c.GenerateAssignment.preprocessors = RELEASE
    c.Autograde.sanitize_preprocessors = SANITIZE
    c.Autograde.autograde_preprocessors = AUTOGRADE
    install()
    c.GenerateFeedback.preprocessors = FEEDBACK
    c.GenerateFeedback.exporter_class = "backprop_course.grading.feedback.FeedbackExporter"
    # nbgrader names a template for all HTML; a setting of this exporter alone outranks it.
    c.FeedbackExporter.template_name = "course_feedback"
    c.FeedbackExporter.extra_template_basedirs = [str(Path(__file__).parent / "templates")]
    _let_plugins_be_found(root)
    _let_nbgrader_find_alembic()
    _declare_own_exercises(root / OWN_EXERCISES)


def _ignored(source: Path) -> list[str]:
    """List what stays where it is: whatever lies beside a solution notebook.

    nbgrader would copy it to students, with the release and again with the feedback. A full pattern, as
    nbgrader spells paths, leaves other folders' files alone.
    """
    beside_solutions = f"{glob.escape(str(source))}/./*"
    return [".ipynb_checkpoints", "__pycache__", "*.pyc", f"{beside_solutions}/*", f"{beside_solutions}/.*"]


def _let_plugins_be_found(root: Path) -> None:
    """Let settings name classes from modules in the class's folder, such as a plug-in for late penalties."""
    if str(root) not in sys.path:
        sys.path.append(str(root))  # last: nothing that is installed is hidden


def _let_nbgrader_find_alembic() -> None:
    """Put this Python's commands on PATH where nbgrader's ``alembic`` is not.

    nbgrader calls it when it creates the gradebook, and a virtual environment that is used but not activated
    has it only beside its Python.
    """
    if shutil.which("alembic") is None:
        scripts = sysconfig.get_path("scripts")
        os.environ["PATH"] = os.pathsep.join([scripts, os.environ.get("PATH", os.defpath)])


def _declare_own_exercises(file: Path) -> None:
    """Name the class's own exercises to this process and to those that it starts."""
    if file.is_file():
        os.environ[FILE] = str(file)
    else:
        os.environ.pop(FILE, None)  # that of another class, read before in this process

"""How nbgrader runs this course. Plain nbgrader commands, from this folder, read it."""

import glob
import os
import shutil
import sysconfig
from pathlib import Path

c = get_config()  # type: ignore[name-defined]  # noqa: F821

root = Path(__file__).resolve().parent
c.CourseDirectory.root = str(root)
c.CourseDirectory.course_id = "backprop-course"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"

# Whatever lies beside a solution notebook stays there. nbgrader would copy it to students, with the release
# and again with the feedback. A full pattern, as nbgrader spells paths, leaves other folders' files alone.
beside_solutions = f"{glob.escape(str(root))}/solutions/./*"
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "__pycache__",
    "*.pyc",
    f"{beside_solutions}/*",
    f"{beside_solutions}/.*",
]

# A command does its work anew each time, as in the formgrader. nbgrader's default skips every folder that is
# there: the release of a fresh clone, feedback older than its grades, the student at whom a run was killed.
c.BaseConverter.force = True

# Cells that measure keep a kernel busy. nbgrader's default of 4 seconds then gives up on the whole notebook.
c.Execute.iopub_timeout = 120

c.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}

# nbgrader takes all points of a test that writes to stderr, a warning included. Here only a failed test does.
c.IgnorePattern.enabled = True
c.IgnorePattern.pattern = "^"

# nbgrader's own list, with DeduplicateIds replaced.
c.Autograde.sanitize_preprocessors = [
    "nbgrader.preprocessors.ClearOutput",
    "backprop_course.grading.preprocessors.RestoreGradedCells",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
# nbgrader's own list, with one step added.
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "backprop_course.grading.preprocessors.ClearHiddenTestsFromFeedback",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]

# nbgrader calls the command `alembic` when it creates the gradebook. A virtual environment that is used but
# not activated has it only beside its Python.
if shutil.which("alembic") is None:
    os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", os.defpath)])

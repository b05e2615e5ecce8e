"""Run solution notebooks anew, with the points as declared, and make their releases.

``python -m backprop_course.grading.refresh 04-activations ...``, in a clone of the course or in a class's
folder; without a name, all assignments.

Points stand in the declarations alone: the tasks' text and nbgrader's marks are written from there. Outputs
are kept in the source, without what differs from run to run for no reason that a reader sees: times of the
cells, in how many pieces they printed, and the random numbers of the widgets, whose figures stay.
"""

import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from backprop_course import exercises
from backprop_course.grading.course import CourseError, choose, make_releases, source_folders
from backprop_course.numbers import count
from backprop_course.widgets.saved import WIDGET

CHECK = re.compile(r"^check\((\w+)\)", re.MULTILINE)
TASK = re.compile(r"(?<=\*\*Your turn\*\* \()\d+ points?(?=\))")


def write_points(notebook: NotebookNode) -> None:
    """Write each exercise's declared points into nbgrader's mark of its check and the task before it."""
    task = None
    for cell in notebook.cells:
        if TASK.search(cell.source):
            task = cell
        mark = cell.metadata.get("nbgrader", {})
        for name in CHECK.findall(cell.source) if mark.get("grade") else ():
            points = exercises.get(name).points
            mark["points"] = points
            if task:
                task.source = TASK.sub(count(points, "point"), task.source, count=1)
                task = None


def execute(notebook: NotebookNode, folder: Path) -> None:
    """Run every cell in a folder, and leave the outputs that a reader sees."""
    NotebookClient(
        notebook,
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(folder)}},
    ).execute()
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET, None)


def refresh(course: Path, assignments: list[str]) -> None:
    """Write points, execute, and release these assignments of a course's folder."""
    folders = source_folders(course)
    for assignment in choose(list(folders), assignments):
        for file in sorted(folders[assignment].glob("*.ipynb")):
            print(f"{file.relative_to(course)} ...", flush=True)
            notebook = nbformat.read(file, as_version=4)
            write_points(notebook)
            execute(notebook, file.parent)
            nbformat.write(notebook, file)
        make_releases(course, [assignment], lambda name: None)


if __name__ == "__main__":
    try:
        refresh(Path.cwd(), sys.argv[1:])
    except CourseError as reason:
        sys.exit(str(reason))

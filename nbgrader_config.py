"""How nbgrader runs this course in a clone of it. Plain nbgrader commands, from this folder, read it."""

from pathlib import Path

from backprop_course.grading.config import configure

c = get_config()  # type: ignore[name-defined]  # noqa: F821
configure(c, Path(__file__).resolve().parent, source="solutions", release="notebooks")
c.CourseDirectory.course_id = "backprop-course"

"""The report as one page that needs nothing beside it."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from backprop_course.grading import report
from backprop_course.grading.gradebook_tables import write_tables

TEMPLATES = Path(__file__).parent / "templates"
BINS = 10


def write_report(course: Path, assignment: str, folder: Path) -> list[Path]:
    """Write a class's report on an assignment, and its tables beside it; gives the files, the page first.

    Parameters
    ----------
    course : Path
        The class's folder.
    assignment : str
        An assignment that its gradebook knows.
    folder : Path
        Where to write; made where it is missing. An older report on the assignment is replaced.

    Raises
    ------
    CourseError
        When the gradebook does not know the assignment.
    """
    points, found = report.standings(course, assignment)
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / f"{assignment}.html"
    page.write_text(render(assignment, points, found), encoding="utf-8")
    return [page, *write_tables(folder / assignment, assignment, points, found)]


def render(assignment: str, points: float, found: list[report.Standing]) -> str:
    """Give the page's HTML."""
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    graded = [standing.score for standing in found if standing.score is not None]
    pairs, passed_over = report.alike(found)
    return environment.get_template("report.html.j2").render(
        assignment=assignment,
        points=points,
        found=found,
        graded=graded,
        distribution=distribution(graded, points),
        success=report.success(found),
        mistakes=report.mistakes(found),
        pairs=pairs,
        passed_over=passed_over,
        alike=report.ALIKE,
        eyes=[standing for standing in found if standing.reasons],
    )


def distribution(scores: list[float], points: float) -> list[tuple[str, int]]:
    """Count scores in tenths of the points; full marks stand in the last tenth."""
    places = [min(int(BINS * score / points), BINS - 1) if points else 0 for score in scores]
    edges = [points * place / BINS for place in range(BINS + 1)]
    return [(f"{edges[place]:g} to {edges[place + 1]:g}", places.count(place)) for place in range(BINS)]

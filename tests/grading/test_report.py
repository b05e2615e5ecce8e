"""The report's figures and words, from standings as the judge leaves them; the page and the tables."""

import csv

from backprop_course.grading import report
from backprop_course.grading.gradebook_tables import write_tables
from backprop_course.grading.report import Standing, alike, mistakes, normalised, success
from backprop_course.grading.report_page import distribution, render

ANSWER = '''def linear_backward(dz, x, W):
    """Gradients."""
    dx = dz @ W.T  # the input's
    dW = x.T @ dz
    db = dz.sum(axis=0)
    total = dx.sum() + dW.sum() + db.sum()
    return dx, dW, db
'''
COPIED = (
    ANSWER.replace("dx", "grad_x").replace("  # the input's", "").replace('"""Gradients."""', '"""Mine."""')
)
OTHER = """def linear_backward(dz, x, W):
    result = []
    for row in range(len(x)):
        result.append(W.dot(dz[row]))
    return np.stack(result), np.einsum("nd,nm->dm", x, dz), np.ones(len(x)).dot(dz)
"""


def _judged(passed: bool, slug: str = "") -> dict[str, object]:
    named = [{"slug": slug, "message": f"seen: {slug} <b>", "hint": ""}] if slug else []
    return {
        "exercise": "linear_backward",
        "passed": passed,
        "score": 3.0 * passed,
        "mistakes": named,
        "reason": "",
    }


def _class() -> list[Standing]:
    return [
        Standing("anna", "Anna A", "anna@x.org", 3.0, {"linear_backward": _judged(True)}, [], {"f": ANSWER}),
        Standing("ben", "", "", 0.0, {"linear_backward": _judged(False, "transposed")}, [], {"f": COPIED}),
        Standing(
            "chen", "=1+1", "", 0.0, {"linear_backward": _judged(False, "transposed")}, [], {"f": OTHER}
        ),
        Standing("41873", "", "", None, {}, ["handed in, not graded"], {}),
    ]


def test_success_and_mistakes_are_counted_over_those_who_were_judged():
    assert success(_class()) == {"linear_backward": (1, 3)}
    ((slug, number, example, student),) = mistakes(_class())
    assert (slug, number, student) == ("transposed", 2, "ben")
    assert example == "linear_backward: seen: transposed <b>"


def test_renamed_copies_agree_and_another_way_does_not():
    (pair,), passed_over = alike(_class())
    assert passed_over == 0
    assert pair.students == ("anna", "ben")
    assert pair.ratio == 1
    assert normalised("def (") == ""


def test_a_form_that_many_share_and_short_answers_say_nothing():
    many = [Standing(str(n), "", "", 0.0, {}, [], {"f": ANSWER}) for n in range(4)]
    short = [Standing(str(n), "", "", 0.0, {}, [], {"f": "def f(x):\n    return 2 * x"}) for n in range(2)]
    assert alike(many) == ([], 0)
    assert alike(short) == ([], 0)


def test_a_large_class_is_not_compared_in_full_and_the_report_says_so(monkeypatch):
    monkeypatch.setattr(report, "MOST_COMPARED", 20)
    others = [ANSWER.replace("db.sum()", f"db.sum() + {n}") for n in range(20)]
    found = [Standing(f"{n:02}", "", "", 0.0, {}, [], {"f": code}) for n, code in enumerate(others)]
    found += [Standing(name, "", "", 0.0, {}, [], {"f": ANSWER}) for name in ("copy", "copied")]
    pairs, passed_over = alike(found)
    assert ("copied", "copy") in [pair.students for pair in pairs]  # the nearest come first
    assert passed_over == 22 * 21 // 2 - 20
    assert f"{passed_over} were not compared" in render("06", 3.0, found)


def test_full_marks_stand_in_the_last_tenth():
    counts = [number for _, number in distribution([0, 1, 9.9, 10, 10], 10)]
    assert counts == [1, 1, 0, 0, 0, 0, 0, 0, 0, 3]


def test_the_page_names_whoever_needs_a_person_and_runs_nothing():
    page = render("06", 3.0, _class())
    assert "handed in, not graded" in page
    assert "4 students, 3 with a grade" in page
    assert "anna, ben" in page
    assert "seen: transposed &lt;b&gt;" in page
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")


def test_the_tables_have_the_columns_that_canvas_and_moodle_import(tmp_path):
    ours, canvas, moodle = (
        list(csv.reader(file.read_text().splitlines()))
        for file in write_tables(tmp_path / "06", "06", 3.0, _class())
    )
    assert canvas[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "06"]
    assert canvas[1] == ["Points Possible", "", "", "", "", "3"]
    assert canvas[2] == ["Anna A", "", "anna", "anna", "", "3"]
    assert canvas[-1][:4] == ["41873", "41873", "41873", "41873"]  # as a zip of Canvas's names a student
    assert moodle[:2] == [["ID number", "Email address", "06"], ["anna", "anna@x.org", "3"]]
    assert canvas[-1][-1] == moodle[-1][-1] == ""  # not graded is no zero
    assert ours[-1][-1] == "handed in, not graded"
    assert ours[3][1] == "'=1+1"

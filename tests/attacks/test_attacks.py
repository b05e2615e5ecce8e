"""None gains a mark, costs another answer, or reads what it should not; each is named."""

import json
import re
import subprocess
from base64 import b64decode
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter

from backprop_course.grading._read import as_text
from tests.attacks.code import ATTACKS, CARRIES, SPOILS
from tests.attacks.conftest import CANARY, POINTS, Classroom
from tests.attacks.more_code import ODD_FORMS, PAGES
from tests.attacks.more_files import FILES

pytestmark = pytest.mark.nbgrader

HONEST = {name: points for name, points in POINTS.items() if name != "check_relu_backward"}


def test_honest_student_gets_every_point(classroom: Classroom) -> None:
    assert classroom.scores("honest") == POINTS


def test_everybody_has_a_grade(classroom: Classroom) -> None:
    assert classroom.graded.keys() == {"honest", *map(as_text, FILES), *ATTACKS, *ODD_FORMS}
    assert not [one for one in classroom.graded.values() if one.failed]
    assert len(ATTACKS) + len(FILES) >= 80


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_gains_nothing_and_costs_no_other_answer(classroom: Classroom, name: str) -> None:
    scores = classroom.scores(name)
    assert scores.pop("check_relu_backward") == 0
    if name not in SPOILS:
        assert scores == HONEST


@pytest.mark.parametrize("name", ODD_FORMS)
def test_right_answer_in_an_odd_form_keeps_every_point(classroom: Classroom, name: str) -> None:
    assert classroom.scores(name) == POINTS


@pytest.mark.parametrize("name", [name for name, (_, slug) in ATTACKS.items() if slug])
def test_attack_is_named(classroom: Classroom, name: str) -> None:
    assert ATTACKS[name][1] in classroom.slugs(name)


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_finds_nothing(classroom: Classroom, name: str) -> None:
    notebook = json.loads(classroom.text(name))
    shown = json.dumps([cell.get("outputs", []) for cell in notebook["cells"]])
    assert CANARY not in shown.replace("&lt;", "<") or name == "html-in-outputs"
    said = [output.get("text", "") for cell in notebook["cells"] for output in cell.get("outputs", [])]
    assert "FOUND" not in "".join("".join(text) for text in said)


@pytest.mark.parametrize("name", CARRIES)
def test_hidden_test_leaves_in_no_disguise(classroom: Classroom, name: str) -> None:
    told = json.dumps([cell.get("outputs", []) for cell in json.loads(classroom.text(name))["cells"]])
    words = re.findall(r"[A-Za-z0-9+/=]{16,}", told)
    decoded = [b64decode(word + "===", validate=False) for word in words]
    decoded += [bytes.fromhex(word) for word in words if re.fullmatch(r"(?:[0-9a-f]{2})+", word)]
    seen = told + "".join(part.decode("utf-8", "replace") for part in decoded)
    assert "squares" in seen + seen[::-1]  # the disguise is known: what may be seen is
    assert "squares(2)" not in seen
    assert "squares(2)" not in seen[::-1]


class _Acts(HTMLParser):
    """Collects what acts in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.code = 0  # how many <pre> are open: MathJax leaves alone what is in them

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.code += tag == "pre"
        schemes = ("javascript:", "vbscript:", "data:text")
        for name, value in attrs:
            address = re.sub(r"[\x00-\x20]|%09|\\\\", "", value or "").lower()
            if name.startswith("on") or address.startswith(schemes) or name in ("srcdoc", "formaction"):
                self.found.append(f"{tag} {name}={value}")
            if (tag, name) == ("img", "src") and not address.startswith("data:image/"):
                self.found.append(f"a picture is fetched: {value}")
        if tag in ("script", "iframe", "svg", "form", "base", "meta", "object"):
            self.found.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.code -= tag == "pre"

    def handle_data(self, data: str) -> None:
        if not self.code:
            self.found += re.findall(r"\\(?:href|style|mmlToken)", data)  # MathJax would do it


@pytest.mark.parametrize(
    "name",
    [
        *("links-that-act", "links-in-the-text", "html-in-outputs", "script-in-the-text"),
        *("formula-in-the-text", "picture-from-elsewhere", "attachments-that-break-out"),
        *PAGES,
    ],
)
def test_page_that_an_instructor_opens_does_not_act(classroom: Classroom, name: str) -> None:
    page, _ = HTMLExporter(template_name="basic").from_notebook_node(nbformat.reads(classroom.text(name), 4))
    acts = _Acts()
    acts.feed(page)
    assert acts.found == []
    assert "ACTS" in page or "CANARY" in page


@pytest.mark.parametrize("name", ["many-files-beside", "folders-in-folders-beside"])
def test_file_that_finds_no_room_is_named(classroom: Classroom, name: str) -> None:
    assert "files-left-out" in classroom.slugs(name)


def test_nothing_that_a_browser_would_run_is_kept(classroom: Classroom) -> None:
    shown = json.dumps([c.get("outputs", []) for c in json.loads(classroom.text("html-in-outputs"))["cells"]])
    assert "<script" not in shown
    assert "onerror" not in shown.replace("onerror=CANARY&gt;", "")
    assert "application/javascript" not in shown


@pytest.mark.parametrize("name", FILES)
def test_file_of_any_kind_gets_what_its_answers_earn(classroom: Classroom, name: str) -> None:
    earned, name = FILES[name][1], as_text(name)
    assert classroom.scores(name) == (POINTS if earned else dict.fromkeys(POINTS, 0))
    assert ("unreadable" in classroom.slugs(name)) != earned


def test_nothing_is_left_on_this_machine(classroom: Classroom) -> None:
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert "987654" not in running
    places = [Path(p) for p in ("/", "/tmp", "/etc", "/usr", "/root", "/home", "/var", "/dev", "/dev/shm")]
    assert not [place for place in places if (place / "attack-was-here").exists()]


def test_gradebook_and_secret_are_as_they_were(classroom: Classroom) -> None:
    assert (classroom.course / ".grading/secret").stat().st_mode & 0o777 == 0o600
    assert (classroom.course / "source/attacked/page.ipynb").exists()
    for name in FILES:
        beside = classroom.course / "autograded" / as_text(name) / "attacked"
        assert not [path for path in beside.rglob("*") if path.is_symlink()]

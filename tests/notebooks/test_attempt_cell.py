"""``%%attempt`` in a real kernel: what a student reads while a function is unwritten, wrong or right."""

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from tests.notebooks.pages import printed

UNWRITTEN = "slope is still to be written. When it is, run its cell and those from there to here.\n"
CELLS = [  # source and what it prints, in order, in one kernel
    ("from backprop_course.notebook import attempt, table\ndef slope(x):\n    raise NotImplementedError", []),
    ("%%attempt\nprint('before')\nrise = slope(3)\nprint('after')", ["before\n" + UNWRITTEN]),
    ("%%attempt\nprint(rise)", [UNWRITTEN]),
    ("old = 1", []),
    ("%%attempt\nold, new = 2, 2\nrise = slope(3)", [UNWRITTEN]),
    ("%%attempt\nprint(old)\nprint(new)", ["1\n" + UNWRITTEN]),
    ("%%attempt\ntwice = 2 * rise\ntwice", [UNWRITTEN]),
    ("def slope(x):\n    return x['a']", []),
    (
        "%%attempt\nrise = slope(3)",
        ["slope stopped with TypeError: 'int' object is not subscriptable, at the line: return x['a']\n"],
    ),
    ("def central_difference(f, x):\n    return 1 / 0", []),
    (
        "%%attempt\ncentral_difference(abs, 3)",
        [
            "central_difference stopped with ZeroDivisionError: division by zero, at the line: return 1 / 0 "
            "Its check tells you more.\n"
        ],
    ),
    (
        "%%attempt\nfirst, second = None",
        [
            "This cell stopped with TypeError: cannot unpack non-iterable NoneType object, "
            "at the line: first, second = None\n"
        ],
    ),
    (
        "%%attempt\nprint(first)",
        [
            "This cell waits for first. The cell that makes it stopped with TypeError: cannot unpack "
            "non-iterable NoneType object, at the line: first, second = None\n"
        ],
    ),
    ("%%attempt\nassert 1 + 1 == 3, 'the sum is 2'", ["Not yet: the sum is 2\n"]),
    ("%%attempt\nthree = 3\nassert 1 + 1 == three, 'the sum is 2'", ["Not yet: the sum is 2\n"]),
    (
        "%%attempt\nprint(three)",
        ["This cell waits for three. The cell that makes it says: Not yet: the sum is 2\n"],
    ),
    ("%%attempt\nten = not_run(9)", ["This cell waits for not_run. Run the cell above that makes it.\n"]),
    (
        "%%attempt\nprint(ten)",
        [
            "This cell waits for ten. The cell that makes it waits for not_run. "
            "Run the cell above that makes it.\n"
        ],
    ),
    ("def inverses(n):\n    return [1 / k for k in range(n)]", []),
    (
        "%%attempt\ninverses(3)",
        [
            "inverses stopped with ZeroDivisionError: division by zero, "
            "at the line: return [1 / k for k in range(n)]\n"
        ],
    ),
    ("def typo(x):\n    return y", []),
    (
        "%%attempt\ntypo(3)",
        ["typo stopped with NameError: name 'y' is not defined, at the line: return y\n"],
    ),
    ("def slope(x):\n    return 6", []),
    ("%%attempt\nrise = slope(3)\nrise", ["6"]),
    ("%%attempt\nrise + 1;", []),
    ("%%attempt\nprint(rise)", ["6\n"]),
    ("%%attempt\nprint(twice)", [UNWRITTEN]),
    ("%%attempt\ntwice = 2 * rise\ntwice", ["12"]),
    ("def slope(x):\n    raise NotImplementedError", []),
    ("%%attempt\nrise = slope(3)\nrise", [UNWRITTEN]),
    ("%%attempt\nprint(rise)", [UNWRITTEN]),  # and not the 6 of before
    ("%%attempt\n# nothing yet", []),
    ("import numpy as np\ndef grow(x):\n    big = np.exp(x)\n    return big / big", []),
    (
        "%%attempt\nfor x in (800.0, 900.0):\n    print(grow(np.full(2, x)))",
        [
            "[nan nan]\n[nan nan]\n"
            "NumPy warned of overflow and invalid value, first in grow, at the line: big = np.exp(x)\n"
        ],
    ),
    ("%%attempt\nwith np.errstate(over='ignore'):\n    print(np.exp(np.array(800.0)))", ["inf\n"]),
]


@pytest.fixture(scope="module")
def said():
    page = new_notebook(cells=[new_code_cell(source) for source, _ in CELLS])
    NotebookClient(page, coalesce_streams=True).execute()  # raises where a cell fails
    return [printed(cell) for cell in page.cells]


def test_an_attempt_stops_nothing_and_says_what_is_missing(said):
    assert said == [expected for _, expected in CELLS]


def test_a_picture_that_waits_leaves_no_empty_axes():
    drawing = "%%attempt\n_, ax = plt.subplots()\nax.plot(slope(3))"
    setup = "import matplotlib.pyplot as plt\n" + CELLS[0][0]
    page = new_notebook(cells=[new_code_cell(setup), new_code_cell(drawing)])
    NotebookClient(page).execute()
    assert [output.output_type for output in page.cells[1].outputs] == ["stream"]

import pytest

@pytest.fixture(scope="module")
def opened(lab, write_notebook):
    path = write_notebook("a.ipynb", "from backprop_course import ops\nfrom backprop_course.widgets import SubgradientExplorer\nw = SubgradientExplorer(ops.relu, at=0.0, backward=ops.relu_backward)\nw",
      "v = SubgradientExplorer(lines=[(-1, 0), (0.5, 0), (2, 0), (3, -2)], slope=2.5); v", "SubgradientExplorer(lambda x: 1/0)")
    lab.open(path); lab.run_all(); return lab

def test_a(opened):
    w=opened.widget("subgradient")
    w.screenshot(path="/tmp/w1.png")
    opened.widget("subgradient",1).screenshot(path="/tmp/w2.png")
    opened.widget("subgradient",2).screenshot(path="/tmp/w3.png")
    opened.page.screenshot(path="/tmp/p.png")
    print(opened.python("w.slope"))
    opened.theme("JupyterLab Dark")
    opened.page.screenshot(path="/tmp/d.png")
    opened.widget("subgradient",1).screenshot(path="/tmp/w2d.png")

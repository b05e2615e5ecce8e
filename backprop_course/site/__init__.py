"""The course as one static site: a front page, notebooks to run and to read, the reference.

``lab/`` is JupyterLite: a page for each notebook, and JupyterLab. Python runs in the visitor's browser, so
that any web server, or GitHub Pages, serves a class of any size and keeps no student data.
"""

from backprop_course.site._build import build_site
from backprop_course.site._errors import SiteError
from backprop_course.site._pyodide import PYODIDE_URL
from backprop_course.site._shell import RUN

__all__ = ["PYODIDE_URL", "RUN", "SiteError", "build_site"]

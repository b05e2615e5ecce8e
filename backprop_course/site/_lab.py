"""The notebooks in JupyterLite: JupyterLab as a static site, with Python running in the visitor's browser."""

import json
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from tempfile import TemporaryDirectory

from backprop_course.site._errors import SiteError
from backprop_course.site._pyodide import prepare

KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
# A notebook a page, whose address brings it back; their list, behind Jupyter's logo; and JupyterLab.
APPS = ("notebooks", "tree", "lab")
# Of all that is installed, a student's page gets the kernel and what draws widgets.
EXTENSIONS = ("@jupyterlite/pyodide-kernel-extension", "@jupyter-widgets/jupyterlab-manager", "anywidget")
NOT_SHOWN = [
    "@jupyter-notebook/notebook-extension:tab-icon",  # its icons are no part of JupyterLite
    "@jupyter-notebook/notebook-extension:trusted",  # it covers the menu on a phone
]
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/apputils-extension:themes": {"adaptive-theme": True},
    "@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": 10},
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "defer"},  # what is out of sight stays drawn
}
# JupyterLab has the menu's line; a page with one notebook has the command alone.
IN_THE_MENU = {
    "@jupyterlab/mainmenu-extension:plugin": {
        "menus": [{"id": "jp-mainmenu-file", "items": [{"command": "docmanager:download", "rank": 5}]}]
    }
}

# What a page does before JupyterLab does anything.
FIRST_SCRIPTS = {"notebooks": ("page.js", "save.js"), "lab": ("save.js",)}

# Put before JupyterLite's service worker, which answers Python when it reads a file or asks for input. Of all
# else it would only hand on what the server says, and a browser keeps no compiled script that came that way.
NOT_ITS_OWN = """\
self.addEventListener("fetch", (event) => {
  if (!new URL(event.request.url).pathname.includes("/api/")) event.stopImmediatePropagation();
});
"""


def build_lab(folder: Path, notebooks: Path, course_wheel: Path, pyodide: str) -> None:
    """Build JupyterLite into `folder`.

    Parameters
    ----------
    folder : Path
        ``lab/`` of the site.
    notebooks : Path
        What a student finds in the file browser.
    course_wheel : Path
        The course, to be imported there.
    pyodide : str
        See `prepare`.
    """
    with TemporaryDirectory() as place:
        lite, python = Path(place, "lite"), Path(place, "pyodide")
        settings = prepare(python, pyodide, course_wheel)
        lite.mkdir()
        _write(lite / "jupyter-lite.json", _configuration(settings))
        _write(lite / "overrides.json", SETTINGS)
        (lite / "notebooks").mkdir()
        _write(lite / "notebooks" / "overrides.json", IN_THE_MENU)
        extensions = Path(sysconfig.get_path("data"), "share", "jupyter", "labextensions")
        command = [
            *(sys.executable, "-m", "jupyter", "lite", "build"),
            *(
                "--contents",
                str(notebooks.resolve()),
                "--output-dir",
                str(folder.resolve()),
                "--lite-dir",
                str(lite),
            ),
            *(
                *(part for app in APPS for part in ("--apps", app)),
                "--no-sourcemaps",
                "--no-unused-shared-packages",
                "--ignore-sys-prefix",
                "--no-libarchive",
            ),
            *(f"--LiteBuildConfig.federated_extensions={extensions / name}" for name in EXTENSIONS),
        ]
        done = subprocess.run(command, cwd=lite, capture_output=True, text=True)
        if done.returncode:
            raise SiteError(f"jupyter lite build failed:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
        # JupyterLite would take it along, but not without the parts that another server keeps.
        shutil.copytree(python, folder / "static" / "pyodide")
        for app, scripts in FIRST_SCRIPTS.items():
            page = folder / app / "index.html"
            first = "".join(f"<script>\n{_beside(script)}</script>\n" for script in scripts)
            begun = page.read_text(encoding="utf-8").replace("<head>", f"<head>\n{first}", 1)
            page.write_text(begun, encoding="utf-8")
        worker = folder / "service-worker.js"
        worker.write_text(NOT_ITS_OWN + worker.read_text(encoding="utf-8"), encoding="utf-8")


def _configuration(settings: dict[str, object]) -> dict[str, object]:
    return {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "appName": "backprop_course",
            "exposeAppInBrowser": True,  # to save.js
            "disabledExtensions": NOT_SHOWN,
            "litePluginSettings": {KERNEL: settings},
        },
    }


def _beside(script: str) -> str:
    return Path(__file__).with_name(script).read_text(encoding="utf-8")


def _write(file: Path, content: object) -> None:
    file.write_text(json.dumps(content, indent=1), encoding="utf-8")

"""Python in the browser: a Pyodide, and one archive of all that the course imports."""

import json
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import urllib.request
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from backprop_course.site._compiled import compiled
from backprop_course.site._errors import SiteError

Take = Callable[[str, Path], object]  # puts the file of this name, of a Pyodide, into a folder

# JupyterLite's kernel and Pyodide go together, version by version. The kernel's is pinned in pyproject.toml
# (extra `site`); this is the Pyodide that it was made for.
PYODIDE_URL = "https://cdn.jsdelivr.net/pyodide/v0.27.7/full/"

LOCK = "pyodide-lock.json"
# What Pyodide has to bring, each with all that it depends on: what the notebooks and the kernel import.
FROM_PYODIDE = ("numpy", "matplotlib", "ipython", "jedi", "micropip", "packaging", "sqlite3")
CORE = ("pyodide.js", "pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm")
STDLIB = "python_stdlib.zip"
KERNEL = "kernel.js"
# What those depend on by name, and nothing here imports: it is for PDF files and for time zones.
NEVER_IMPORTED = ("fonttools", "pytz")
# What the course needs beside it, from PyPI. psygnal also has compiled wheels; the pure one runs everywhere.
FROM_PYPI = ("anywidget", "comm", "ipywidgets", "psygnal", "typing-extensions")
KERNEL_WHEELS = ("ipykernel", "piplite", "pyodide_kernel")  # these come with the kernel
# What the kernel installs when it starts, unless it reads that Pyodide was told to: all but `ssl`, which it
# imports nowhere, is in the archive. Spelled as the kernel spells them.
THERE = (*KERNEL_WHEELS, "comm", "ipython", "jedi", "micropip", "sqlite3", "ssl")
ARCHIVE = "packages.bin"  # a tar, compressed; a server that knew this would have the browser unpack it


def prepare(target: Path, source: str, course_wheel: Path) -> dict[str, object]:
    """Put into `target` what the browser loads, and return the settings of JupyterLite's kernel.

    Parameters
    ----------
    target : Path
        Folder that becomes ``lab/static/pyodide`` of the site.
    source : str
        Of Pyodide: an address that ends in the folder of ``pyodide.js``, a folder, or an archive of one.
    course_wheel : Path
        The course itself.

    Raises
    ------
    SiteError
        When `source` is no Pyodide, or lacks a package that the course needs.
    """
    target.mkdir(parents=True)
    with TemporaryDirectory() as place:
        if source.startswith(("http://", "https://")):
            take: Take = partial(_download, source.rstrip("/") + "/")
        else:
            take = partial(_copy, _unpack(Path(source), Path(place)))
        for name in (*CORE, STDLIB, LOCK):
            take(name, target)
        shutil.copy(Path(__file__).with_name(KERNEL), target)
        wheels = Path(place, "wheels")
        wheels.mkdir()
        _take_packages(target / LOCK, wheels, take)
        _fetch_wheels(wheels, course_wheel)
        library, packages = compiled(target, target / STDLIB, sorted(wheels.iterdir()))
        (target / STDLIB).write_bytes(library)
        (target / ARCHIVE).write_bytes(packages)
    return {
        "pyodideUrl": f"./static/pyodide/{KERNEL}",
        "disablePyPIFallback": True,  # all that the course imports is here; nothing is asked of PyPI
        "loadPyodideOptions": {"packages": THERE},
    }


def _copy(folder: Path, name: str, target: Path) -> None:
    shutil.copyfile(folder / name, target / name)


def _download(base: str, name: str, target: Path) -> None:
    try:
        with urllib.request.urlopen(base + name, timeout=60) as answer:
            (target / name).write_bytes(answer.read())
    except OSError as error:
        raise SiteError(
            f"cannot read {base + name}: {error}. Without a network, give a Pyodide of your own: "
            "--pyodide FOLDER, or an archive of one"
        ) from None


def _unpack(source: Path, into: Path) -> Path:
    """Find the folder that holds pyodide.js, in a folder or in an archive that is unpacked first."""
    if not source.exists():
        raise SiteError(f"no Pyodide at {source}: expected a folder, an archive, or an address")
    if zipfile.is_zipfile(source):
        with zipfile.ZipFile(source) as archive:
            archive.extractall(into)
        source = into
    elif source.is_file() and tarfile.is_tarfile(source):
        with tarfile.open(source) as archive:
            archive.extractall(into, filter="data")
        source = into
    found = next(iter(sorted(source.rglob(LOCK))), None) if source.is_dir() else None
    if found is None:
        raise SiteError(
            f"{source} holds no {LOCK}: expected a Pyodide, as its releases' pyodide-*.tar.bz2 hold one"
        )
    return found.parent


def _take_packages(lock: Path, wheels: Path, take: Take) -> None:
    """Fetch the packages that Pyodide has to give, and strike all from its list: they are in the archive."""
    listed = json.loads(lock.read_text(encoding="utf-8"))
    for name in _needed(listed["packages"]):
        take(listed["packages"][name]["file_name"], wheels)
    listed["packages"] = {}
    lock.write_text(json.dumps(listed), encoding="utf-8")


def _needed(packages: dict[str, dict[str, list[str]]]) -> set[str]:
    """Choose of Pyodide's packages those that the course imports, directly or not."""
    from packaging.utils import canonicalize_name

    lacking = [name for name in FROM_PYODIDE if name not in packages]
    if lacking:
        raise SiteError(f"this Pyodide lacks {', '.join(lacking)}: take the full one")
    needed: set[str] = set()
    left = list(FROM_PYODIDE)
    while left:
        name = canonicalize_name(left.pop())
        if name not in needed:
            needed.add(name)
            left += [each for each in packages[name]["depends"] if each not in NEVER_IMPORTED]
    return needed


def _fetch_wheels(wheels: Path, course_wheel: Path) -> None:
    """Fetch the wheels that PyPI has to give, and put the kernel's and the course's beside them."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"),
            *("--platform=any", "--implementation=py", "--abi=none", "--python-version=3.12"),
            *("--dest", str(wheels), *FROM_PYPI),
        ],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SiteError(f"pip could not fetch {', '.join(FROM_PYPI)}:\n{done.stderr.strip()}")
    extension = "share/jupyter/labextensions/@jupyterlite/pyodide-kernel-extension"
    kernel = Path(sysconfig.get_path("data"), extension, "static", "pypi")
    for wheel in (course_wheel, *(next(kernel.glob(f"{name}-*.whl")) for name in KERNEL_WHEELS)):
        shutil.copy(wheel, wheels)

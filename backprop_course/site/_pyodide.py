"""Python in the browser: a Pyodide, and the wheels of the course added to the list of what it can load."""

import hashlib
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
from typing import TYPE_CHECKING

from backprop_course.site._compiled import compile_archives
from backprop_course.site._errors import SiteError

if TYPE_CHECKING:
    from pyodide_lock import PackageSpec, PyodideLockSpec

Take = Callable[[str, Path], object]  # puts the file of this name, of a Pyodide, into a folder

# JupyterLite's kernel and Pyodide go together, version by version. The kernel's is pinned in pyproject.toml
# (extra `site`); this is the Pyodide that it was made for.
PYODIDE_URL = "https://cdn.jsdelivr.net/pyodide/v0.27.7/full/"

LOCK = "pyodide-lock.json"
# What Pyodide has to bring, each with all that it depends on: what the notebooks and the kernel import.
FROM_PYODIDE = ("numpy", "matplotlib", "ipython", "jedi", "micropip", "packaging", "sqlite3")
CORE = ("pyodide.js", "pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm")
STDLIB = "python_stdlib.zip"
# What those depend on by name, and nothing here imports: it is for PDF files and for time zones.
NEVER_IMPORTED = ("fonttools", "pytz")
# What the course needs beside it, from PyPI. psygnal also has compiled wheels; the pure one runs everywhere.
FROM_PYPI = ("anywidget", "comm", "ipywidgets", "psygnal", "typing-extensions")
OUR_IMPORT = "backprop-course"
# What the kernel asks for when it starts, one after the other, unless Pyodide was told to load them: told, it
# loads all of them at once. The first three come with the kernel. Spelled as the kernel spells them.
KERNEL_WHEELS = ("ipykernel", "piplite", "pyodide_kernel")
KERNEL_BY_NAME = "ssl"  # it asks for this and imports it nowhere: as an empty wheel it saves 2 MB
KERNEL = (*KERNEL_WHEELS, KERNEL_BY_NAME, "comm", "ipython", "jedi", "micropip", "sqlite3")


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
        _add_packages(target, take, course_wheel)
    return {
        "pyodideUrl": "./static/pyodide/pyodide.js",  # from there it takes the packages too
        "disablePyPIFallback": True,  # all that the course imports is here; nothing is asked of PyPI
        "loadPyodideOptions": {
            "lockFileURL": f"./static/pyodide/{LOCK}",
            "packages": [OUR_IMPORT, *KERNEL],
        },
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


def _add_packages(target: Path, take: Take, course_wheel: Path) -> None:
    """Put into `target` the standard library and all packages, compiled, and the list of them."""
    from pyodide_lock import PyodideLockSpec

    lock = PyodideLockSpec.from_json(target / LOCK)
    lock.packages = _needed(lock.packages)
    for package in lock.packages.values():
        take(package.file_name, target)
    lock = _with_wheels(lock, target, _wheels(target, course_wheel))
    lock.packages[KERNEL_BY_NAME] = _empty(KERNEL_BY_NAME, target)
    with TemporaryDirectory() as place:  # the Python that compiles runs on the library as it was
        compiled = shutil.copy(target / STDLIB, place)
        compile_archives(target, [Path(compiled), *target.glob("*.whl")])
        shutil.copy(compiled, target)
    for package in lock.packages.values():
        package.sha256 = hashlib.sha256((target / package.file_name).read_bytes()).hexdigest()
    lock.to_json(target / LOCK)


def _needed(packages: "dict[str, PackageSpec]") -> "dict[str, PackageSpec]":
    """Choose of Pyodide's packages those that the course imports, directly or not."""
    from packaging.utils import canonicalize_name

    lacking = [name for name in FROM_PYODIDE if name not in packages]
    if lacking:
        raise SiteError(f"this Pyodide lacks {', '.join(lacking)}: take the full one")
    needed: dict[str, PackageSpec] = {}
    left = list(FROM_PYODIDE)
    while left:
        name = canonicalize_name(left.pop())
        if name not in needed:
            needed[name] = packages[name]
            needed[name].depends = [each for each in packages[name].depends if each not in NEVER_IMPORTED]
            left += needed[name].depends
    return needed


def _wheels(target: Path, course_wheel: Path) -> list[Path]:
    """Fetch the wheels that PyPI has to give, and put the kernel's and the course's beside them."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"),
            *("--platform=any", "--implementation=py", "--abi=none", "--python-version=3.12"),
            *("--dest", str(target), *FROM_PYPI),
        ],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SiteError(f"pip could not fetch {', '.join(FROM_PYPI)}:\n{done.stderr.strip()}")
    extension = "share/jupyter/labextensions/@jupyterlite/pyodide-kernel-extension"
    kernel = Path(sysconfig.get_path("data"), extension, "static", "pypi")
    for wheel in (course_wheel, *(next(kernel.glob(f"{name}-*.whl")) for name in KERNEL_WHEELS)):
        shutil.copy(wheel, target)
    return sorted(target.glob("*-none-any.whl"))


def _with_wheels(lock: "PyodideLockSpec", target: Path, wheels: list[Path]) -> "PyodideLockSpec":
    """Add the wheels to the list of packages, so that importing the course loads all of them."""
    from packaging.utils import canonicalize_name
    from pyodide_lock.utils import add_wheels_to_spec

    ours = [wheel for wheel in wheels if wheel.name not in {p.file_name for p in lock.packages.values()}]
    lock = add_wheels_to_spec(lock, ours, base_path=target, ignore_missing_dependencies=True)
    # The command line has no terminal there; the widgets and figures are what a page needs.
    lock.packages[OUR_IMPORT].depends = ["numpy", "anywidget", "ipywidgets", "matplotlib"]
    # What draws widgets in the page is an extension of JupyterLab there.
    for package in lock.packages.values():
        package.depends = [name for name in package.depends if canonicalize_name(name) in lock.packages]
    return lock


def _empty(name: str, target: Path) -> "PackageSpec":
    """Make a package that holds nothing."""
    from pyodide_lock import PackageSpec

    file = f"{name}-0-py3-none-any.whl"
    with zipfile.ZipFile(target / file, "w") as wheel:
        wheel.writestr(f"{name}-0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 0\n")
    return PackageSpec(name=name, version="0", file_name=file, install_dir="site")

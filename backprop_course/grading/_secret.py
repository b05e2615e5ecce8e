"""The class's secret, from which hidden cases are drawn, and the number of the grading run that draws them.

Both lie in the hidden folder ``.grading`` of the class, for its owner's eyes alone. No sandbox shows it.
"""

import contextlib
import hashlib
import json
import os
import secrets
from pathlib import Path

FOLDER = ".grading"


def folder(course: Path) -> Path:
    """Give the class's private folder, made where it is missing."""
    private = course / FOLDER
    private.mkdir(mode=0o700, exist_ok=True)
    return private


def secret(course: Path) -> bytes:
    """Give the class's secret, made where it is missing."""
    file = folder(course) / "secret"
    if not file.exists():
        fresh = file.with_name(f"secret.{os.getpid()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as opened:
            opened.write(secrets.token_hex(32))
        with contextlib.suppress(FileExistsError):
            os.link(fresh, file)  # whoever comes first decides; a secret is never replaced
        fresh.unlink()
    return bytes.fromhex(file.read_text().strip())


def new_run(course: Path, assignment: str) -> int:
    """Begin a grading run: hidden cases are drawn anew, the same for all that it grades."""
    file = folder(course) / "runs.json"
    runs = json.loads(file.read_text()) if file.exists() else {}
    runs[assignment] = int(runs.get(assignment, 0)) + 1
    fresh = file.with_name(f"runs.{os.getpid()}")
    fresh.write_text(json.dumps(runs))
    fresh.replace(file)
    return int(runs[assignment])


def seed(course: Path, assignment: str, run: int, exercise: str) -> int:
    """Draw the seed of an exercise's hidden cases: secret, and the same for a whole class in one run."""
    text = f"{assignment}\n{run}\n{exercise}".encode()
    return int.from_bytes(hashlib.sha256(secret(course) + text).digest()[:8], "big")

"""Where the implementations that the checker was not taught register themselves, or are read from a file."""

import importlib.util
import sys
from pathlib import Path

from tests.mistakes._corpus import Corpus, Specimen

UNSEEN = Corpus()
wrong, right = UNSEEN.add_wrong, UNSEEN.add_right


def read(path: Path) -> Corpus:
    """Read a file of answers.

    It holds two dicts by exercise: ``WRONG`` of (label, function, names that are right, best first[, further
    names whose hint sends the student to the right place all the same]), and ``RIGHT`` of (label, function). Instead of
    the further names there may be a dict ``ASTRAY`` by exercise and label: the names that send the student elsewhere.
    """
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} is no Python file: give the path of a file of answers.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    corpus = Corpus()
    for exercise, answers in module.WRONG.items():
        for label, function, names, *places in answers:
            astray = tuple(module.ASTRAY.get((exercise, label), ())) if hasattr(module, "ASTRAY") else None
            corpus.wrong.append(Specimen(exercise, function, tuple(names), tuple(*places), astray, label))
    for exercise, answers in module.RIGHT.items():
        for label, function in answers:
            corpus.right.append(Specimen(exercise, function, title=label))
    return corpus

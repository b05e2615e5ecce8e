"""Print how the checker does on implementations that it was not taught.

``python -m tests.mistakes.unseen`` takes those of this folder; with the path of a file of answers (see `read`), those.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from backprop_course.checking import CATALOGUE
from tests.mistakes._corpus import Corpus, Specimen, named, told, told_by_rules
from tests.mistakes.unseen import UNSEEN, read_files
from tests.mistakes.unseen._corpus import read

VAGUE = "wrong-value"
SAYS_NOTHING = CATALOGUE[VAGUE].says.removeprefix("{output}")  # as against words of an exercise's own
COLUMNS = (
    "answers",
    "refused",
    "expected name",
    "best name",
    "misleading",
    f"as {VAGUE}",
    "nothing more said",
)
WIDTHS = [len(column) + 2 for column in COLUMNS]
NAME = 16
HEADER = " " * NAME + "".join(f"{column:>{width}}" for column, width in zip(COLUMNS, WIDTHS, strict=True))
# Names that describe what happened and send nobody anywhere.
NEUTRAL = (VAGUE, "raised-error", "wrong-shape", "wrong-type", "not-finite")


def summary() -> str:
    """The lines that README shows."""
    held_out = [s for s in UNSEEN.wrong if "held_out" in s.function.__module__]
    first = [s for s in UNSEEN.wrong if s not in held_out]
    files = {
        name: corpus for name, corpus in read_files().items() if name != "forum_kinds"
    }  # of one kind each
    sets = {"first": first, "held_out": held_out, **{name: c.wrong for name, c in files.items()}}
    right = [*UNSEEN.right, *(answer for corpus in files.values() for answer in corpus.right)]
    accepted = sum(named(specimen) == "" for specimen in right)
    rows = [
        f"{name:<{NAME}}{counts(answers, tell)}"
        for title, answers in sets.items()
        for name, tell in ((title, told), ("  by rules", told_by_rules))
    ]
    return "\n".join([HEADER, *rows, f"{accepted} of {len(right)} right answers accepted"])


def counts(specimens: list[Specimen], tell: Callable[[Specimen], tuple[str, str]]) -> str:
    """How many are refused, under which kind of name, and how many in nothing but vague words: a row of the table."""
    given = [(*tell(s), s) for s in specimens]
    numbers = (
        len(given),
        sum(slug != "" for slug, _, _ in given),
        sum(slug in s.names for slug, _, s in given),
        sum(slug == s.names[0] for slug, _, s in given),
        sum(misleads(slug, s) for slug, _, s in given),
        sum(slug == VAGUE for slug, _, _ in given),
        sum(slug == VAGUE and message.endswith(SAYS_NOTHING) for slug, message, _ in given),
    )
    return "".join(f"{number:>{width}}" for number, width in zip(numbers, WIDTHS, strict=True))


def misleads(slug: str, specimen: Specimen) -> bool:
    """Whether the name sends the student to a place that the answer's author did not write down, or warned of."""
    if specimen.astray is not None:
        return slug in specimen.astray
    return bool(slug) and slug not in (*specimen.names, *specimen.places, *NEUTRAL)


def report(corpus: Corpus) -> None:
    """Print the answers that are not named as expected, and the counts."""
    print(f"{'misleading':<12}{'named':<32}answer (expected)")
    for specimen in corpus.wrong:
        slug = named(specimen)
        if slug not in specimen.names:
            mark = "yes" if misleads(slug, specimen) else ""
            print(f"{mark:<12}{slug or 'ACCEPTED':<32}{specimen.label} ({' or '.join(specimen.names)})")
    for specimen in corpus.right:
        if named(specimen):
            print(f"{'':<12}{named(specimen):<32}{specimen.label} (right)")
    accepted = sum(named(specimen) == "" for specimen in corpus.right)
    print(
        f"\n{HEADER}\n{'':<{NAME}}{counts(corpus.wrong, told)}\n{accepted} of {len(corpus.right)} right answers accepted"
    )


def main() -> None:
    if sys.argv[1:]:
        report(read(Path(sys.argv[1])))
        return
    for corpus in (UNSEEN, *read_files().values()):
        report(corpus)
    print("\n" + summary())


if __name__ == "__main__":
    main()

"""Print how the checker does on implementations that it was not taught.

``python -m tests.mistakes.unseen`` takes those of this folder; with the path of a file of answers (see `read`), those.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from tests.mistakes._corpus import Corpus, Specimen, named, named_by_rules
from tests.mistakes.unseen import PUBLIC_THREADS, UNSEEN
from tests.mistakes.unseen._corpus import read

VAGUE = "wrong-value"
# Names that describe what happened and send nobody anywhere.
NEUTRAL = (VAGUE, "raised-error", "wrong-shape", "wrong-type", "not-finite")


def summary() -> str:
    """The lines that README shows."""
    held_out = [s for s in UNSEEN.wrong if "held_out" in s.function.__module__]
    first = [s for s in UNSEEN.wrong if s not in held_out]
    threads = PUBLIC_THREADS
    accepted = sum(named(specimen) == "" for specimen in [*UNSEEN.right, *threads.right])
    return (
        f"first set:           {counts(first, named)}\n"
        f"  by rules alone:    {counts(first, named_by_rules)}\n"
        f"held out:            {counts(held_out, named)}\n"
        f"  by rules alone:    {counts(held_out, named_by_rules)}\n"
        f"public threads:      {counts(threads.wrong, named)}\n"
        f"  by rules alone:    {counts(threads.wrong, named_by_rules)}\n"
        f"{accepted} of {len(UNSEEN.right) + len(threads.right)} right answers accepted"
    )


def counts(specimens: list[Specimen], name: Callable[[Specimen], str]) -> str:
    """How many are refused, and under which kind of name."""
    given = [(name(s), s) for s in specimens]
    refused = [(slug, s) for slug, s in given if slug]
    expected = [(slug, s) for slug, s in refused if slug in s.names]
    best = [slug for slug, s in expected if slug == s.names[0]]
    vague = [slug for slug, _ in refused if slug == VAGUE]
    misleading = [s for slug, s in refused if misleads(slug, s)]
    return (
        f"{len(refused)} of {len(specimens)} refused, {len(expected)} under an expected name "
        f"({len(best)} under the best), {len(vague)} as {VAGUE}, {len(misleading)} misleading"
    )


def misleads(slug: str, specimen: Specimen) -> bool:
    """Whether the name sends the student to a place that the answer's author did not write down."""
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
    print(f"\n{counts(corpus.wrong, named)}\n{accepted} of {len(corpus.right)} right answers accepted")


def main() -> None:
    if sys.argv[1:]:
        report(read(Path(sys.argv[1])))
        return
    report(UNSEEN)
    report(PUBLIC_THREADS)
    print("\n" + summary())


if __name__ == "__main__":
    main()

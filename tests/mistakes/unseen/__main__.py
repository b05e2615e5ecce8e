"""Print how the checker does on implementations that it was not taught."""

from collections.abc import Callable

from tests.mistakes._corpus import Specimen, named, named_by_rules
from tests.mistakes.unseen import UNSEEN

VAGUE = "wrong-value"


def summary() -> str:
    """Five lines that README shows."""
    held_out = [s for s in UNSEEN.wrong if "held_out" in s.function.__module__]
    first = [s for s in UNSEEN.wrong if s not in held_out]
    accepted = sum(named(specimen) == "" for specimen in UNSEEN.right)
    return (
        f"first set:           {counts(first, named)}\n"
        f"  by rules alone:    {counts(first, named_by_rules)}\n"
        f"held out:            {counts(held_out, named)}\n"
        f"  by rules alone:    {counts(held_out, named_by_rules)}\n"
        f"{accepted} of {len(UNSEEN.right)} right answers accepted"
    )


def counts(specimens: list[Specimen], name: Callable[[Specimen], str]) -> str:
    """How many are refused, and under which kind of name."""
    given = [(name(s), s.names) for s in specimens]
    refused = [pair for pair in given if pair[0]]
    vague = [pair for pair in refused if pair[0] == VAGUE]
    expected = [pair for pair in refused if pair[0] != VAGUE and pair[0] in pair[1]]
    best = [pair for pair in expected if pair[0] == pair[1][0]]
    return (
        f"{len(refused)} of {len(specimens)} refused, {len(expected)} under an expected name "
        f"({len(best)} under the best), {len(vague)} as {VAGUE}, "
        f"{len(refused) - len(expected) - len(vague)} under another name"
    )


def main() -> None:
    for specimen in UNSEEN.wrong:
        if named(specimen) not in specimen.names:
            expected = " or ".join(specimen.names)
            print(f"{specimen.label}: {expected} was named {named(specimen) or 'ACCEPTED'}")
    print("\n" + summary())


if __name__ == "__main__":
    main()

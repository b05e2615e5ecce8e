"""Print how the checker does on implementations that it was not taught."""

from tests.mistakes._corpus import Specimen, named
from tests.mistakes.unseen import UNSEEN

VAGUE = "wrong-value"


def summary() -> str:
    """Three lines that README shows."""
    held_out = [s for s in UNSEEN.wrong if "held_out" in s.function.__module__]
    first = [s for s in UNSEEN.wrong if s not in held_out]
    accepted = sum(named(specimen) == "" for specimen in UNSEEN.right)
    return (
        f"first set: {counts(first)}\n"
        f"held out:  {counts(held_out)}\n"
        f"{accepted} of {len(UNSEEN.right)} right answers accepted"
    )


def counts(specimens: list[Specimen]) -> str:
    """How many are refused, and under which kind of name."""
    refused = [s for s in specimens if named(s)]
    vague = [s for s in refused if named(s) == VAGUE]
    expected = [s for s in refused if named(s) != VAGUE and named(s) in s.names]
    return (
        f"{len(refused)} of {len(specimens)} wrong answers refused, {len(expected)} under an expected name, "
        f"{len(vague)} as {VAGUE}, {len(refused) - len(expected) - len(vague)} under another name"
    )


def main() -> None:
    for specimen in UNSEEN.wrong:
        if named(specimen) not in specimen.names:
            expected = " or ".join(specimen.names)
            print(f"{specimen.label}: {expected} was named {named(specimen) or 'ACCEPTED'}")
    print("\n" + summary())


if __name__ == "__main__":
    main()

"""Print the confusion table: each kind of mistake in the corpus, and what the checker calls it."""

from collections import Counter, defaultdict

from tests.mistakes import RIGHT, WRONG
from tests.mistakes._corpus import named


def summary() -> str:
    """Two lines that README shows."""
    names = [(named(specimen), specimen.names) for specimen in WRONG]
    refused = sum(name != "" for name, _ in names)
    well_named = sum(name in right for name, right in names)
    accepted = sum(named(specimen) == "" for specimen in RIGHT)
    return (
        f"{refused} of {len(WRONG)} wrong answers refused, {well_named} of them under their right name\n"
        f"{accepted} of {len(RIGHT)} right answers accepted"
    )


def main() -> None:
    table: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for specimen in WRONG:
        name = named(specimen) or "ACCEPTED"
        table[specimen.names[0]]["right" if name in specimen.names else name] += 1
        if name not in specimen.names:
            print(f"{specimen.label}: {' or '.join(specimen.names)} was named {name}")
    for specimen in RIGHT:
        if named(specimen):
            print(f"{specimen.label}: right, and refused as {named(specimen)}")
    print(f"\n{'mistake':<28}{'written':>8}{'named':>7}  otherwise named")
    for name, counts in sorted(table.items()):
        other = ", ".join(f"{slug} {n}" for slug, n in counts.items() if slug != "right")
        print(f"{name:<28}{counts.total():>8}{counts['right']:>7}  {other}")
    print("\n" + summary())


if __name__ == "__main__":
    main()

"""Print the confusion table: each kind of mistake in the corpus, and what the checker calls it."""

from collections import Counter, defaultdict

from backprop_course import evaluate
from tests.mistakes import RIGHT, WRONG


def main() -> None:
    named: defaultdict[str, Counter[str]] = defaultdict(Counter)
    well_named = refused = 0
    for specimen in WRONG:
        mistakes = evaluate(specimen.exercise, specimen.function).mistakes
        slug = mistakes[0].slug if mistakes else "ACCEPTED"
        refused += bool(mistakes)
        well_named += slug in specimen.names
        named[specimen.names[0]][slug if slug not in specimen.names else "right"] += 1
        if slug not in specimen.names:
            print(f"{specimen.label}: {' or '.join(specimen.names)} was named {slug}")
    accepted = sum(evaluate(s.exercise, s.function).passed for s in RIGHT)
    for s in RIGHT:
        if not evaluate(s.exercise, s.function).passed:
            print(f"{s.label}: right, and refused")
    print(f"\n{'mistake':<28}{'written':>8}{'named':>7}  otherwise named")
    for name, counts in sorted(named.items()):
        other = ", ".join(f"{slug} {n}" for slug, n in counts.items() if slug != "right")
        print(f"{name:<28}{counts.total():>8}{counts['right']:>7}  {other}")
    print(f"\n{refused} of {len(WRONG)} wrong ones refused, {well_named} named right")
    print(f"{accepted} of {len(RIGHT)} right ones accepted")


if __name__ == "__main__":
    main()

"""What each gradient checker gets wrong: ``python -m tests.benchmarks.verdicts``.

All are asked about the same NumPy functions and the same right and wrong backward passes, those of
`tests.gradcheck.verdicts`, each with its own tolerances.
"""

from collections import Counter
from collections.abc import Sequence

from tests.benchmarks._measure import reach
from tests.gradcheck import peers
from tests.gradcheck.verdicts import Question, mistaken, ours, questions


def main(asked: Sequence[Question] | None = None) -> None:
    """Print, by kind, how many questions there are and how many verdicts of each are wrong, or none."""
    asked = questions() if asked is None else asked
    kinds = Counter(question.kind for question in asked)
    wrong: dict[str, Counter[str]] = {}
    untold: Counter[str] = Counter()
    for peer in ("ours", *peers.installed()):
        row = wrong.setdefault(peer, Counter())
        for question in asked:
            verdict = ours(question) if peer == "ours" else peers.verdict(peer, question)
            row[question.kind] += mistaken(question, verdict)
            untold[peer] += verdict == "cannot be told"
    print(f"{'wrong verdicts':<16}{'questions':>10}" + "".join(f"{peer:>14}" for peer in wrong))
    for kind, number in kinds.items():
        print(f"{kind:<16}{number:>10}" + "".join(f"{row[kind]:>14}" for row in wrong.values()))
    print(f"{'all':<16}{len(asked):>10}" + "".join(f"{row.total():>14}" for row in wrong.values()))
    print(f"{'no verdict':<16}{'':>10}" + "".join(f"{untold[peer]:>14}" for peer in wrong))
    missing = [peer for peer in peers.PEERS if peer not in wrong]
    print("not installed: " + ", ".join(missing) if missing else "all peers are installed")
    least = min(((row.total(), peer) for peer, row in wrong.items() if peer != "ours"))
    found = wrong["ours"].total()
    measured = f"{found} wrong of {len(asked)}; the best of the others, {least[1]}, {least[0]}"
    reach("verdicts of `gradcheck`", measured, "0, and no other", found == 0 < least[0], "See the table")


if __name__ == "__main__":
    main()

"""How much of everything a submission may use."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds that one submission cannot pass.

    Attributes
    ----------
    cell, notebook : float
        Seconds for a cell, and for the notebook with all of its judging.
    memory : int
        Bytes of address space of a process, and of memory of all of them together.
    processes : int
        Processes and threads at a time.
    scratch : int
        Bytes of the scratch folder, and of the largest file in it.
    output : int
        Bytes of outputs that a notebook may show.
    """

    cell: float = 30.0
    notebook: float = 600.0
    memory: int = 3 << 30
    processes: int = 64
    scratch: int = 64 << 20
    output: int = 24 << 20

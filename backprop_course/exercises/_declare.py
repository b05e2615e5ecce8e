"""What an exercise is: one declaration that drives the checks, points, hints, named mistakes, grader and tests."""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from numpy.random import Generator

# The first parameter of a backward function, by the names that the course gives to upstream gradients.
UPSTREAM_NAMES = ("dy", "dz", "da", "dx3")


@dataclass(frozen=True)
class Case:
    """One call of the function under test, as plain data that can be sent to another process.

    Attributes
    ----------
    why : str
        What this case is there for, in words a student may read: "a batch of one".
    inputs : tuple
        Arguments in the order of the signature: arrays, numbers, strings, lists and dicts of those, and
        `Named` functions.
    kink : bool
        Whether some input lies at a kink or a tie, where every subgradient is a right answer.
    strided : bool
        Whether array arguments are to be passed as views that are not contiguous in memory.
    raises : str
        Name of the exception that is the right answer, for inputs that have no other.
    """

    why: str
    inputs: tuple[Any, ...]
    kink: bool = False
    strided: bool = False
    raises: str = ""


@dataclass(frozen=True)
class Named:
    """A function given as an argument, by its name in `exercises.functions`, so that a case stays plain data."""

    name: str


@dataclass(frozen=True)
class WrongForm:
    """A wrong answer that students give, so that it can be recognised and named.

    Attributes
    ----------
    slug : str
        The mistake's name in `checking.CATALOGUE`.
    function : callable
        The wrong answer itself, with the exercise's signature.
    says : str
        What is wrong, for this exercise; the catalogue's general message where empty.
    because : str
        What that usually comes from and where to look; where empty, the catalogue's hint, if it is general.
    constants : tuple of float, optional
        Smallest and largest positive value of a constant that the student chose. `function` takes it by the
        name ``constant`` and has a default for it; the checker finds the value that gives the student's
        answer, and `says` may mention it as ``{constant}``.
    """

    slug: str
    function: Callable[..., Any]
    says: str = ""
    because: str = ""
    constants: tuple[float, float] | None = None


def wrong_forms(
    slug: str, functions: Iterable[Callable[..., Any]], says: str = "", because: str = ""
) -> tuple[WrongForm, ...]:
    """Make a `WrongForm` of each of several ways to write the same mistake."""
    return tuple(WrongForm(slug, function, says, because) for function in functions)


@dataclass(frozen=True)
class Mistake:
    """One named mistake, from the rule or the exercise that found it to the report that shows it.

    Attributes
    ----------
    slug : str
        Its name, from `checking.CATALOGUE`.
    message : str
        What was seen.
    hint : str
        What that usually means and where to look; the catalogue's where empty.
    case : CaseResult or None
        The case that shows it, which the checker adds.
    """

    slug: str
    message: str
    hint: str = ""
    case: Any = None


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """One graded function.

    Attributes
    ----------
    assignment : str
        Folder of the notebook that asks for it.
    points : int
        Points in the notebook's graded cell.
    reference : callable
        A right answer. The exercise takes its name and signature from it.
    cases : callable
        Takes a random generator, returns the cases to try. The first ones are small enough to read.
    returns : tuple of str
        Names of the returned values. ``"dz"`` is the gradient with respect to the parameter ``z``.
    forward : callable, optional
        The function that is differentiated, of the parameters after the upstream gradient (of all of them
        where there is none). Lets the checker accept any subgradient at a kink, and explain an entry by
        what the output does.
    wrong : tuple of WrongForm
        Wrong answers to recognise, the most telling first.
    hints : tuple of str
        Up to two, the second more direct than the first. Never the formula.
    also_right : tuple of callable
        Other right answers, with values of their own.
    find_mistake : callable, optional
        ``find_mistake(inputs, answer)`` returns a `Mistake` or None, for exercises with many right answers.
    analytic : bool
        Whether a difference quotient in place of the formula is refused.
    rtol : float, optional
        Relative tolerance where the default, which follows from round-off in the inputs, does not apply.
    time_limit : float
        Seconds that one call may take.
    """

    assignment: str
    points: int
    reference: Callable[..., Any]
    cases: Callable[[Generator], Iterable[Case]]
    returns: tuple[str, ...]
    forward: Callable[..., Any] | None = None
    wrong: tuple[WrongForm, ...] = ()
    hints: tuple[str, ...] = ()
    also_right: tuple[Callable[..., Any], ...] = ()
    find_mistake: Callable[[tuple[Any, ...], Any], Mistake | None] | None = None
    analytic: bool = True
    rtol: float | None = None
    time_limit: float = 5.0

    @property
    def name(self) -> str:
        """Name of the function that the student writes."""
        return str(self.reference.__name__)

    @property
    def signature(self) -> inspect.Signature:
        """Parameters and defaults, without annotations."""
        parameters = inspect.signature(self.reference).parameters.values()
        bare = [p.replace(annotation=inspect.Parameter.empty) for p in parameters]
        return inspect.Signature(bare)

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """Names of the parameters, in order."""
        return tuple(self.signature.parameters)

    @property
    def upstream(self) -> str | None:
        """Name of the upstream gradient where the function takes one; it is the first parameter then."""
        return self.parameters[0] if self.parameters[0] in UPSTREAM_NAMES else None

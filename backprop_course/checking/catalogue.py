"""The mistakes that the checker names: what each usually means and where to look.

An exercise's `WrongForm` may say both more precisely for its own case.
"""

from typing import NamedTuple


class Words(NamedTuple):
    """General words for one mistake.

    Attributes
    ----------
    says : str
        What was seen. ``{output}`` is the returned value's name; rules may fill in further numbers.
    hint : str
        What it usually means and where to look. Never the formula.
    alone : bool
        Whether the hint goes with `says` alone. Under more precise words it could point to another place, so
        those stand without a hint, or bring their own.
    """

    says: str
    hint: str
    alone: bool = False


CATALOGUE: dict[str, Words] = {
    "not-implemented": Words(
        "There is no answer yet: the function returns nothing.",
        "Replace `raise NotImplementedError` by your code, end it with `return`, and run the cell before the check.",
    ),
    "raised-error": Words(
        "Your function stopped with {error}.",
        "Call it yourself with the inputs shown. Print what each line computes, and the shapes of arrays.",
    ),
    "out-of-time": Words(
        "Your function did not return within {seconds:g} seconds.",
        "Look for a loop whose condition never becomes false, or for work that grows with the square of the input.",
    ),
    "missing-error": Words(
        "For these inputs the function should raise an error, and yours does not.",
        "Some inputs have no right answer. Notice them, and say so with `raise`.",
    ),
    "wrong-type": Words(
        "{output} should be {expected}, and yours is {got}.", "Look at what your `return` gives back."
    ),
    "wrong-shape": Words(
        "{output} should have shape {expected}, and yours has {got}.",
        "A gradient has the shape of the thing it is the gradient of.",
        alone=True,
    ),
    "transposed": Words(
        "{output} has the right values with its axes swapped.",
        "Which axis comes first in the answer, and which in yours? In a matrix product, write the shape under each factor.",
    ),
    "missing-transpose": Words(
        "A matrix product for {output} fits only where shapes happen to agree.",
        "Write the shape under each factor: the inner ones must be the same axis, not the same number by chance.",
    ),
    "unsummed-axis": Words(
        "{output} still has an axis that should be summed away: its shape is {got}, not {expected}.",
        "What the forward pass uses for several entries receives a gradient from each of them.",
    ),
    "wrong-axis": Words(
        "{output} is summed or normalised along the wrong axis.",
        "Ask which axis the forward pass worked along.",
    ),
    "averaged-not-summed": Words(
        "{output} is an average where a sum belongs.",
        "Contributions of several paths add. A 1/N comes from the loss, if it is a mean, and is already in the upstream gradient.",
    ),
    "extra-axis": Words(
        "{output} has an axis of length 1 too many: its shape is {got}, not {expected}.",
        "Look for `keepdims=True`, or for an index that keeps an axis.",
    ),
    "missing-upstream": Words(
        "{output} does not depend on {upstream}.",
        "The chain rule multiplies the local derivative by what comes from upstream.",
    ),
    "wrong-sign": Words(
        "{output} is right but for its sign.",
        "Look for a difference taken the wrong way round.",
        alone=True,
    ),
    "constant-factor": Words(
        "{output} is {factor} times the right one, in every entry.",
        "Look for a factor of the forward formula that is missing in the derivative, or counted twice.",
        alone=True,
    ),
    "not-averaged": Words(
        "{output} is N times too large, where N is the size of the batch.",
        "The loss is a mean over the batch. What does that do to the gradient of one row?",
    ),
    "averaged-twice": Words(
        "{output} is divided by a number of entries once too often.",
        "The loss divides by the size of the batch, once.",
    ),
    "diagonal-jacobian": Words(
        "Your {output} treats every entry by itself: entry j depends on entry j of {upstream} alone.",
        "Here every output depends on every input of its row, so the Jacobian has entries off the diagonal.",
    ),
    "dropped-path": Words(
        "One of the ways in which an input reaches the output is missing in {output}.",
        "Go through the formula and mark every place where the input appears. Each is a path; gradients of paths add.",
    ),
    "overwritten-gradient": Words(
        "Where two paths meet, only one of them is left in {output}.",
        "Where paths meet, gradients add: look for `=` where `+=` belongs.",
    ),
    "double-counted-tie": Words(
        "At a tie, every tied entry gets the whole gradient.",
        "Move all tied entries up by a little: the output rises once, not once for each of them.",
    ),
    "wrong-mask": Words(
        "{output} is non-zero where it should be 0, or 0 where it should not.",
        "Ask of each input: does the output change when this one moves?",
    ),
    "value-instead-of-mask": Words(
        "{output} is multiplied by a value, not by a slope.",
        "The chain rule needs the derivative of the function at the input.",
    ),
    "wrong-variable": Words(
        "The derivative in {output} is evaluated at the wrong variable.",
        "Is this function given the input of the forward pass, or its output? Write the slope in terms of that one.",
        alone=True,
    ),
    "swapped-inputs": Words(
        "The returned values are right, in the wrong order.",
        "The docstring says which comes first.",
        alone=True,
    ),
    "forgot-chain": Words(
        "An inner derivative is missing in {output}.",
        "Work from the outside in. Every function inside contributes a factor of its own.",
    ),
    "forward-instead-of-backward": Words(
        "You return the function's value, not its gradient.",
        "The question is how the loss changes when the input moves.",
        alone=True,
    ),
    "mutated-input": Words(
        "Your function changes its argument {argument}.",
        "Work on a copy: the caller still needs {argument} as it was. Operators such as `*=`, assignments to a slice or a key, and `del` change what the caller has.",
    ),
    "stale-state": Words(
        "The same inputs gave another answer on the second call.",
        "Something outlives the call: a global variable, a default argument that is changed, or random numbers.",
    ),
    "integer-truncation": Words(
        "{output} is right for floats, and wrong where the same numbers come as integers.",
        "An array of integers cuts what is stored in it to whole numbers. Do you make one? Ask for floats.",
    ),
    "broadcast-blow-up": Words(
        "{output} has shape {got} where {expected} belongs: a square, as of every entry with every other.",
        "Did a column meet a row? Shapes (N, 1) and (N,) broadcast to (N, N). Print the shape of each operand.",
        alone=True,
    ),
    "not-finite": Words(
        "{output} is {value} where the right answer is a finite number.",
        "Look for an exponential of a large number, a logarithm of 0 or of a negative number, or a division by 0.",
    ),
    "numerical-differentiation": Words(
        "{output} is off by about {error:.0e} of its size, in most entries.",
        "A difference quotient has errors of this size: derive the formula, and keep the quotient for checking. A constant with few digits makes such errors, too.",
    ),
    "one-sided-difference": Words(
        "{output} looks at one side of x only.",
        "Take two points, equally far from x on either side: the error then shrinks like the square of the step.",
    ),
    "wrong-order": Words(
        "{output} comes in the wrong order, or its factors do.",
        "Follow one small example by hand, step after step.",
    ),
    "wrong-local-derivative": Words(
        "{output} is 0 where it should be, and wrong where it should not be 0.",
        "Derive the slope once more, and try it at a point where you know it.",
    ),
    "matrix-product-for-elementwise": Words(
        "{output} comes from a matrix product, where entries are multiplied one by one.",
        "`*` multiplies entry by entry; `@`, `np.dot` and `np.matmul` also add up along an axis.",
    ),
    "truth-of-an-array": Words(
        "Your function asks whether an array is true, and an array has an answer for each of its entries.",
        "Compare entry by entry: a comparison of arrays gives an array of True and False, to multiply by or to use in `np.where`.",
    ),
    "first-row-only": Words(
        "{output} is right in one row and wrong in the others.",
        "Follow the second row through your function: which step treats it otherwise than the first?",
    ),
    "passed-through": Words(
        "{output} is {upstream}, passed on as it came.",
        "The chain rule multiplies what comes from upstream by a local derivative.",
    ),
    "unused-parameter": Words(
        "One of the arguments changes nothing in {output}.",
        "Where does each argument enter the derivative?",
    ),
    "lost-precision": Words(
        "{output} is right in its first digits only.",
        "Look for a lower precision, for rounding, or for a small constant that was added.",
    ),
    "uses-reference": Words(
        "Your function asks the course for its own answer, which is not there when you are graded.",
        "Write the formula out: the marks are for yours.",
    ),
    "wrong-value": Words(
        "{output} is not right.",
        "Follow the smallest case by hand and compare.",
        alone=True,
    ),
}

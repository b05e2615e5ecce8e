"""A small network of layers, checked, with the names of its units."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from backprop_course.widgets._evaluate import Array

_DIGITS = "₀₁₂₃₄₅₆₇₈₉"
_SUBSCRIPTS = str.maketrans("0123456789", _DIGITS)


@dataclass(frozen=True)
class Activation:
    """The function of a hidden unit: how it is written, its value, and its slope from z and y."""

    text: str
    function: Callable[[Array], Array]
    slope: Callable[[Array, Array], Array]


ACTIVATIONS = {
    "relu": Activation("max(0, {})", lambda z: np.maximum(z, 0.0), lambda z, y: (z > 0).astype(float)),
    "tanh": Activation("tanh({})", np.tanh, lambda z, y: 1 - y * y),
    "sigmoid": Activation("σ({})", lambda z: np.exp(-np.logaddexp(0.0, -z)), lambda z, y: y * (1 - y)),
    "linear": Activation("{}", lambda z: z, lambda z, y: np.ones_like(z)),
}


@dataclass(frozen=True)
class Network:
    """Weights, biases, one input and its target; the last layer is linear."""

    weights: list[Array]
    biases: list[Array]
    x: Array | None
    target: Array | None
    activation: str
    names: list[list[str]]
    inputs: str = ""  # what they are, all of them: said beside them
    meant: bool = False  # whether the outputs are named by what they stand for

    @property
    def widths(self) -> list[int]:
        """[D_0, ..., D_L]: the number of inputs, then of units in each layer."""
        return [len(self.weights[0]), *(W.shape[1] for W in self.weights)]

    @property
    def output(self) -> str:
        """The letter of the outputs in formulas: a for a₀, a₁, a₂; y where their names share no letter."""
        letters = {name.rstrip(_DIGITS) for name in self.names[-1]}
        return min(letters) if len(letters) == 1 and len(min(letters)) == 1 else "y"

    def sums(self, activations: Sequence[Array]) -> list[Array]:
        """Return z of each layer, from the activations before it."""
        return [y @ W + b for y, W, b in zip(activations[:-1], self.weights, self.biases, strict=True)]

    def activate(self, layer: int, z: Array) -> Array:
        """Apply the function of a layer, counted from 1."""
        return z if layer == len(self.weights) else ACTIVATIONS[self.activation].function(z)

    def slope(self, layer: int, z: Array, y: Array) -> Array:
        """Return dy/dz of each unit of a layer, counted from 1."""
        last = layer == len(self.weights)
        return ACTIVATIONS["linear" if last else self.activation].slope(z, y)

    def moved(self, layer: int, i: int, j: int, by: float) -> "Network":
        """Return the network with one weight moved, ``weights[layer][i, j]``."""
        weights = [W.copy() for W in self.weights]
        weights[layer][i, j] += by
        return replace(self, weights=weights)


def checked(
    weights: Sequence[ArrayLike],
    biases: Sequence[ArrayLike] | None,
    x: ArrayLike | None,
    target: ArrayLike | None,
    activation: str,
    names: Sequence[Sequence[str]] | None,
    inputs: str = "",
    outputs: Sequence[object] | None = None,
) -> Network:
    """Turn what a caller gave into a network, or say what does not fit."""
    Ws = [np.array(W, dtype=float) for W in weights]
    if not Ws or any(W.ndim != 2 for W in Ws):
        raise ValueError(
            f"weights have the shapes {[W.shape for W in Ws]}; expected one (D, M) for each layer"
        )
    for k, (before, W) in enumerate(pairwise(Ws), start=1):
        if before.shape[1] != W.shape[0]:
            raise ValueError(f"weights[{k}] has shape {W.shape}; expected ({before.shape[1]}, M)")
    bs = [np.zeros(W.shape[1]) for W in Ws] if biases is None else [np.array(b, dtype=float) for b in biases]
    shapes = [W.shape[1:] for W in Ws]
    if [b.shape for b in bs] != shapes:
        raise ValueError(f"biases have the shapes {[b.shape for b in bs]}; expected {shapes}")
    if activation not in ACTIVATIONS:
        raise ValueError(f"activation is {activation!r}; expected one of {list(ACTIVATIONS)}")
    if target is not None and x is None:
        raise ValueError("a target needs an input: give x too")
    widths = [len(Ws[0]), *(W.shape[1] for W in Ws)]
    units = [list(layer) for layer in names] if names is not None else default_names(widths)
    if [len(layer) for layer in units] != widths:
        raise ValueError(f"names are {units}; expected a list for each layer, of lengths {widths}")
    if outputs is not None:
        units[-1] = [str(output) for output in outputs]
        if len(units[-1]) != widths[-1]:
            raise ValueError(f"outputs are {units[-1]}; expected {widths[-1]} of them")
    example, wanted = _row("x", x, widths[0]), _row("target", target, widths[-1])
    return Network(Ws, bs, example, wanted, activation, units, inputs, outputs is not None)


def _row(name: str, values: ArrayLike | None, size: int) -> Array | None:
    if values is None:
        return None
    row = np.array(values, dtype=float)
    if row.shape not in ((size,), (1, size)) or not np.isfinite(row).all():
        raise ValueError(f"{name} is {values!r}; expected {size} finite numbers: one example, not a batch")
    return row.reshape(size)


def default_names(widths: Sequence[int]) -> list[list[str]]:
    """Name units x₁, x₂; h₁, h₂; y₁; with several hidden layers h₁₁, first the layer, then the unit."""
    last = len(widths) - 1
    letters = ["x", *(["h"] if last == 2 else [f"h{k}" for k in range(1, last)]), "y"]
    return [
        [f"{letter}{i}".translate(_SUBSCRIPTS) for i in range(1, width + 1)]
        for letter, width in zip(letters, widths, strict=True)
    ]

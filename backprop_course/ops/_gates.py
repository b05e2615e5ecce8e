r"""Small nodes of computational graphs: the three gates, products, and functions cut into gates.

Sources: *Lecture 5: Backpropagation* (2018) for the gates, the sigmoid neuron and softplus; P. Arias
Martínez, *T4: Backpropagation algorithm* (2022) for the fraction; Z. Cui, *Forward and Backward Propagation*
(2025) for multiplicative nodes; K. R. Mopuri, *FoML 24: Backpropagation* (2025) for shared weights.
"""

from collections.abc import Mapping

import numpy as np

from backprop_course.arrays import Array, ArrayLike
from backprop_course.ops._activations import sigmoid, softplus
from backprop_course.ops._shapes import as_floats

__all__ = [
    "add_gate",
    "add_gate_backward",
    "fraction",
    "fraction_backward",
    "gated_unit",
    "gated_unit_backward",
    "max_gate",
    "max_gate_backward",
    "multiply_backward",
    "multiply_gate",
    "multiply_gate_backward",
    "pairwise_product",
    "pairwise_product_backward",
    "shared_weight_backward",
    "sigmoid_neuron",
    "sigmoid_neuron_backward",
    "softplus_graph_backward",
]


def add_gate(a: ArrayLike, b: ArrayLike) -> Array:
    r"""Add gate, :math:`y = a + b`, for two arrays of the same shape."""
    a, b = as_floats("..., ...", a=a, b=b)
    return np.asarray(a + b)


def add_gate_backward(dy: ArrayLike, a: ArrayLike, b: ArrayLike) -> tuple[Array, Array]:
    r"""Backward pass of `add_gate`, which distributes the gradient: :math:`da = dy`, :math:`db = dy`.

    Parameters
    ----------
    dy, a, b : array_like
        Upstream gradient and inputs, all of one shape.

    Returns
    -------
    da, db : ndarray
        Two copies, so that adding to the one does not change the other.
    """
    dy, _, _ = as_floats("..., ..., ...", dy=dy, a=a, b=b)
    return dy.copy(), dy.copy()


def multiply_gate(a: ArrayLike, b: ArrayLike) -> Array:
    r"""Multiply gate, :math:`y = a b`, for two arrays of the same shape."""
    a, b = as_floats("..., ...", a=a, b=b)
    return np.asarray(a * b)


def multiply_gate_backward(dy: ArrayLike, a: ArrayLike, b: ArrayLike) -> tuple[Array, Array]:
    r"""Backward pass of `multiply_gate`, which switches its inputs: :math:`da = b\,dy`, :math:`db = a\,dy`.

    Parameters
    ----------
    dy, a, b : array_like
        Upstream gradient and inputs, all of one shape.

    Returns
    -------
    da, db : ndarray
    """
    dy, a, b = as_floats("..., ..., ...", dy=dy, a=a, b=b)
    return np.asarray(dy * b), np.asarray(dy * a)


# The gate of assignment 02 comes back in 06 as a node of a network, under the name that is graded there.
multiply_backward = multiply_gate_backward


def max_gate(a: ArrayLike, b: ArrayLike) -> Array:
    r"""Max gate, :math:`y = \max(a, b)` entry by entry, for two arrays of the same shape."""
    a, b = as_floats("..., ...", a=a, b=b)
    return np.asarray(np.maximum(a, b))


def max_gate_backward(dy: ArrayLike, a: ArrayLike, b: ArrayLike) -> tuple[Array, Array]:
    r"""Backward pass of `max_gate`, which routes the gradient to the larger input.

    Parameters
    ----------
    dy, a, b : array_like
        Upstream gradient and inputs, all of one shape.

    Returns
    -------
    da, db : ndarray
        At a tie every convex split of `dy` is right; this one halves it, as ``torch.maximum`` and
        ``jnp.maximum`` do.
    """
    dy, a, b = as_floats("..., ..., ...", dy=dy, a=a, b=b)
    da = np.where(a == b, dy / 2, dy * (a > b))
    return da, np.asarray(dy - da)


def pairwise_product(z: ArrayLike) -> Array:
    r"""Product of neighbours along the last axis, :math:`y_i = z_{2i-1} z_{2i}`.

    Parameters
    ----------
    z : array_like, shape (..., 2M)
        Input.

    Returns
    -------
    ndarray, shape (..., M)
    """
    return np.asarray(_pairs(z).prod(axis=-1))


def pairwise_product_backward(dy: ArrayLike, z: ArrayLike) -> Array:
    r"""Backward pass of `pairwise_product`: each input gets :math:`dy_i` times its neighbour.

    Parameters
    ----------
    dy : array_like, shape (..., M)
        Upstream gradient.
    z : array_like, shape (..., 2M)
        Input of the forward pass.

    Returns
    -------
    ndarray, shape (..., 2M)
    """
    pairs, dy = as_floats("... 2, ...", pairs=_pairs(z), dy=dy)
    return np.asarray((dy[..., np.newaxis] * pairs[..., ::-1]).reshape(np.shape(z)))


def _pairs(z: ArrayLike) -> Array:
    """View of `z` (..., 2M) as (..., M, 2)."""
    (z,) = as_floats("... D", z=z)
    *batch, width = z.shape
    if width % 2:
        raise ValueError(f"z has {width} entries along its last axis, expected an even number to pair them.")
    return z.reshape(*batch, width // 2, 2)


def gated_unit(g: ArrayLike, c: ArrayLike) -> Array:
    r"""Gated unit, :math:`y = \sigma(g) \tanh(c)`: a gate between 0 and 1 scales a candidate, as in an LSTM.

    Parameters
    ----------
    g, c : array_like
        Inputs of the gate and of the candidate, of the same shape.
    """
    g, c = as_floats("..., ...", g=g, c=c)
    return np.asarray(sigmoid(g) * np.tanh(c))


def gated_unit_backward(dy: ArrayLike, g: ArrayLike, c: ArrayLike) -> tuple[Array, Array]:
    r"""Backward pass of `gated_unit`: a multiply gate, then a sigmoid and a tanh.

    :math:`dg = dy\,t\,s (1 - s)` and :math:`dc = dy\,s (1 - t^2)`, where s = σ(g) and t = tanh(c).

    Parameters
    ----------
    dy, g, c : array_like
        Upstream gradient and inputs, all of one shape.

    Returns
    -------
    dg, dc : ndarray
    """
    dy, g, c = as_floats("..., ..., ...", dy=dy, g=g, c=c)
    s, t = sigmoid(g), np.tanh(c)
    return np.asarray(dy * t * s * (1 - s)), np.asarray(dy * s * (1 - t**2))


def sigmoid_neuron(w: ArrayLike, x: ArrayLike) -> Array:
    r"""One neuron, :math:`f = \sigma(w_0 x_0 + w_1 x_1 + w_2)`.

    Parameters
    ----------
    w : array_like, shape (3,)
        Two weights and the bias.
    x : array_like, shape (2,)
        Input.

    Returns
    -------
    ndarray, 0-d
        At w = (2, -3, -3), x = (-1, -2): 0.7311.
    """
    w, x = as_floats("3, 2", w=w, x=x)
    return sigmoid(w[:2] @ x + w[2])


def sigmoid_neuron_backward(w: ArrayLike, x: ArrayLike) -> tuple[Array, Array, Array]:
    r"""Forward and backward pass of `sigmoid_neuron`.

    :math:`dw = f (1 - f) (x_0, x_1, 1)`, :math:`dx = f (1 - f) (w_0, w_1)`. The last line of its derivation
    in *Lecture 5: Backpropagation* (2018) has the wrong sign.

    Parameters
    ----------
    w, x : array_like
        As in `sigmoid_neuron`.

    Returns
    -------
    f : ndarray, 0-d
    dw : ndarray, shape (3,)
    dx : ndarray, shape (2,)
    """
    w, x = as_floats("3, 2", w=w, x=x)
    f = sigmoid(w[:2] @ x + w[2])
    slope = f * (1 - f)
    return f, np.asarray(slope * np.insert(x, 2, 1)), np.asarray(slope * w[:2])


def softplus_graph_backward(x: ArrayLike) -> tuple[Array, Array, Array, Array]:
    r"""Softplus through its graph: b = exp(x), a = 1 + b, y = log a, and backwards through the same nodes.

    Parameters
    ----------
    x : array_like
        Input, any shape.

    Returns
    -------
    y : ndarray
        :math:`\log(1 + e^x)`.
    dy_da, dy_db, dy_dx : ndarray
        :math:`1 / a`, the same again (a = 1 + b), and :math:`b \cdot dy/db`. As 1/a = σ(-x) and b/a = σ(x),
        they are right even where exp(x) overflows.
    """
    (x,) = as_floats("...", x=x)
    return softplus(x), sigmoid(-x), sigmoid(-x), sigmoid(x)


def fraction(x: ArrayLike, y: ArrayLike) -> Array:
    r"""Fraction with a shared sigmoid, :math:`z = (x + \sigma(x)) / (\sigma(x) + (x + y)^2)`.

    Parameters
    ----------
    x, y : array_like
        Inputs of the same shape.

    Returns
    -------
    ndarray
        At x = 4, y = 3: 0.09968.
    """
    x, y = as_floats("..., ...", x=x, y=y)
    return np.asarray((x + sigmoid(x)) / (sigmoid(x) + np.square(x + y)))


def fraction_backward(x: ArrayLike, y: ArrayLike) -> tuple[Array, Array, Array]:
    r"""Forward and backward pass of `fraction`, node by node.

    x reaches z along three paths: the numerator, the square and the sigmoid, which itself feeds the numerator
    and the denominator. The three contributions add.

    Parameters
    ----------
    x, y : array_like
        Inputs of the same shape.

    Returns
    -------
    z, dz_dx, dz_dy : ndarray
        At x = 4, y = 3: 0.09968, -0.007594 and -0.027919.
    """
    x, y = as_floats("..., ...", x=x, y=y)
    s = sigmoid(x)
    denominator = s + np.square(x + y)
    z = (x + s) / denominator
    via_numerator, via_denominator = 1 / denominator, -z / denominator
    via_square = via_denominator * 2 * (x + y)
    via_sigmoid = (via_numerator + via_denominator) * s * (1 - s)
    return np.asarray(z), np.asarray(via_numerator + via_square + via_sigmoid), np.asarray(via_square)


def shared_weight_backward(
    dx3: ArrayLike, jacobians: Mapping[tuple[str, str], ArrayLike]
) -> tuple[Array, Array]:
    r"""Gradients of the weights of a graph that uses :math:`w_1` twice.

    The graph is x₁ = φ₁(x₀; w₁), x₂ = φ₂(x₀, x₁; w₂), x₃ = φ₃(x₁, x₂; w₁).

    Parameters
    ----------
    dx3 : array_like, shape (D3,)
        Upstream gradient.
    jacobians : mapping
        ``jacobians["x3", "w1"]`` and so on, outputs by inputs: x3 with respect to x1, x2 and w1, x2 with
        respect to x1 and w2, x1 with respect to w1. Others are not used.

    Returns
    -------
    dw1, dw2 : ndarray
        `dw1` adds what arrives at both places where :math:`w_1` acts.
    """
    if not isinstance(jacobians, Mapping):
        raise TypeError(f"jacobians is a {type(jacobians).__name__}, expected a dict by (output, input).")
    edges = [("x3", "x1"), ("x3", "x2"), ("x3", "w1"), ("x2", "x1"), ("x2", "w2"), ("x1", "w1")]
    if missing := [edge for edge in edges if edge not in jacobians]:
        raise ValueError(f"jacobians has no {missing[0]}, expected a Jacobian for each of {edges}.")
    pattern = "x3," + ",".join(f"{y} {x}" for y, x in edges)
    dx3, x3_x1, x3_x2, x3_w1, x2_x1, x2_w2, x1_w1 = as_floats(
        pattern, dx3=dx3, **{f"jacobians[{y!r}, {x!r}]": jacobians[y, x] for y, x in edges}
    )
    dx2 = dx3 @ x3_x2
    dx1 = dx3 @ x3_x1 + dx2 @ x2_x1
    return dx3 @ x3_w1 + dx1 @ x1_w1, np.asarray(dx2 @ x2_w2)

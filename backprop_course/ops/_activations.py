r"""Activation functions that act on each entry by itself, each beside its backward pass.

A backward pass turns the upstream gradient ``dy`` (gradient of the loss with respect to the output) into the
gradient with respect to the input: ``dz = dy * f'(z)``, entry by entry. Every function takes any shape and
keeps float32 as float32. Sources: *Lecture 5: Backpropagation* (2018) for the units, Z. Cui, *Forward and
Backward Propagation* (2025) for the subgradients.
"""

import numpy as np

from backprop_course.arrays import Array, ArrayLike
from backprop_course.ops._shapes import as_floats

__all__ = [
    "elu",
    "elu_backward",
    "leaky_relu",
    "leaky_relu_backward",
    "prelu_backward",
    "relu",
    "relu_backward",
    "relu_subdifferential",
    "rrelu",
    "rrelu_backward",
    "sigmoid",
    "sigmoid_backward",
    "softplus",
    "softplus_backward",
    "tanh",
    "tanh_backward",
]


@np.errstate(over="ignore")  # far to the left exp(-z) is infinite, and 1 / inf is the right 0
def sigmoid(z: ArrayLike) -> Array:
    r"""Logistic sigmoid, :math:`\sigma(z) = 1 / (1 + e^{-z})`, with values in (0, 1).

    Parameters
    ----------
    z : array_like
        Input, any shape.

    Returns
    -------
    ndarray
        Same shape as `z`. Where :math:`e^{-z}` overflows, this is 0.
    """
    (z,) = as_floats("...", z=z)
    y: Array = np.asarray(-z)
    np.exp(y, out=y)  # in place: new memory costs more than the arithmetic
    y += 1.0
    return np.divide(1.0, y, out=y)  # np.reciprocal takes twice as long on many entries


def sigmoid_backward(dy: ArrayLike, y: ArrayLike) -> Array:
    r"""Backward pass of `sigmoid` from its *output*: :math:`dz = dy \cdot y (1 - y)`.

    Parameters
    ----------
    dy : array_like
        Upstream gradient, same shape as `y`.
    y : array_like
        Output of the forward pass, ``sigmoid(z)``.

    Returns
    -------
    ndarray
        Gradient with respect to `z`. The factor is at most 1/4, at z = 0, and vanishes in saturation.
    """
    dy, y = as_floats("..., ...", dy=dy, y=y)
    dz = np.asarray(1.0 - y)  # the rest in place: new memory costs more than the arithmetic
    dz *= y
    dz *= dy
    return dz


def tanh(z: ArrayLike) -> Array:
    r"""Hyperbolic tangent, :math:`\tanh z = 2\sigma(2z) - 1`: a sigmoid with values in (-1, 1).

    *Lecture 5: Backpropagation* (2018) prints :math:`2\sigma(x) - 1`, which is tanh(x / 2).

    Parameters
    ----------
    z : array_like
        Input, any shape.
    """
    (z,) = as_floats("...", z=z)
    return np.asarray(np.tanh(z))


def tanh_backward(dy: ArrayLike, y: ArrayLike) -> Array:
    r"""Backward pass of `tanh` from its *output*: :math:`dz = dy \cdot (1 - y^2)`.

    Parameters
    ----------
    dy : array_like
        Upstream gradient, same shape as `y`.
    y : array_like
        Output of the forward pass, ``tanh(z)``.
    """
    dy, y = as_floats("..., ...", dy=dy, y=y)
    return np.asarray(dy * (1 - y) * (1 + y))


def softplus(z: ArrayLike) -> Array:
    r"""Softplus, :math:`\zeta(z) = \log(1 + e^z)`, a smooth ReLU.

    Parameters
    ----------
    z : array_like
        Input, any shape. Exact at both ends: 0 far left, `z` far right.
    """
    (z,) = as_floats("...", z=z)
    return np.asarray(np.logaddexp(z, np.zeros((), z.dtype)))


def softplus_backward(dy: ArrayLike, z: ArrayLike) -> Array:
    r"""Backward pass of `softplus`: :math:`dz = dy \cdot \sigma(z)`.

    Parameters
    ----------
    dy : array_like
        Upstream gradient, same shape as `z`.
    z : array_like
        Input of the forward pass.
    """
    dy, z = as_floats("..., ...", dy=dy, z=z)
    return np.asarray(dy * sigmoid(z))


def relu(z: ArrayLike) -> Array:
    r"""Rectified linear unit, :math:`\max(0, z)`.

    Parameters
    ----------
    z : array_like
        Input, any shape.
    """
    (z,) = as_floats("...", z=z)
    y = np.zeros(z.shape, z.dtype)  # between an array and one number NumPy's maximum takes twice as long
    return np.maximum(z, y, out=y)


def relu_backward(dy: ArrayLike, z: ArrayLike) -> Array:
    r"""Backward pass of `relu`: :math:`dz = dy \cdot [z > 0]`.

    Parameters
    ----------
    dy : array_like
        Upstream gradient, same shape as `z`.
    z : array_like
        Input of the forward pass.

    Notes
    -----
    At z = 0 every slope in [0, 1] is a subgradient; this function takes 0, as PyTorch's ``relu`` and
    ``jax.nn.relu`` do. Z. Cui (2025) says that frameworks take 1: they do not.
    An infinite `dy` gives nan where z ≤ 0. ``np.where(z > 0, dy, 0)`` gives 0 there, and takes longer on
    many entries of mixed sign, where the processor guesses wrong: `python -m tests.benchmarks ops`.
    """
    dy, z = as_floats("..., ...", dy=dy, z=z)
    dz = np.asarray(dy * (z > 0.0))
    dz += 0.0  # -0 becomes 0
    return dz


def relu_subdifferential(z: ArrayLike) -> tuple[Array, Array]:
    r"""Ends of the interval of subgradients of `relu` at each entry.

    Parameters
    ----------
    z : array_like
        Points, any shape.

    Returns
    -------
    low, high : ndarray
        [0, 0] where z < 0, [1, 1] where z > 0 and [0, 1] at the kink (Z. Cui, 2025).
    """
    (z,) = as_floats("...", z=z)
    return (z > 0).astype(z.dtype), (z >= 0).astype(z.dtype)


def leaky_relu(z: ArrayLike, alpha: ArrayLike) -> Array:
    r"""Leaky ReLU: :math:`z` where z > 0, :math:`\alpha z` elsewhere.

    *Lecture 5: Backpropagation* (2018) writes :math:`\max(\alpha z, z)`, which is the same for α ≤ 1 only.

    Parameters
    ----------
    z : array_like
        Input, any shape.
    alpha : float
        Slope on the left.
    """
    z, alpha = as_floats("..., ", z=z, alpha=alpha)
    return np.where(z > 0, z, alpha * z)


def leaky_relu_backward(dy: ArrayLike, z: ArrayLike, alpha: ArrayLike) -> Array:
    r"""Backward pass of `leaky_relu`: :math:`dz = dy` where z > 0, :math:`\alpha\,dy` elsewhere.

    Parameters
    ----------
    dy : array_like
        Upstream gradient, same shape as `z`.
    z : array_like
        Input of the forward pass. At z = 0 every slope between `alpha` and 1 is right; this takes `alpha`.
    alpha : float
        Slope on the left.
    """
    dy, z, alpha = as_floats("..., ..., ", dy=dy, z=z, alpha=alpha)
    return np.where(z > 0, dy, alpha * dy)


def prelu_backward(dy: ArrayLike, z: ArrayLike, alpha: ArrayLike) -> tuple[Array, Array]:
    r"""Backward pass of the parametric ReLU: `leaky_relu` whose slope `alpha` is learnt.

    Parameters
    ----------
    dy : array_like
        Upstream gradient, same shape as `z`.
    z : array_like
        Input of the forward pass.
    alpha : float
        The one slope that all entries share.

    Returns
    -------
    dz : ndarray
        As in `leaky_relu_backward`.
    dalpha : ndarray, 0-d
        :math:`\sum dy \cdot z\,[z \le 0]`: `alpha` acts on every entry, so the contributions add.
    """
    dy, z, alpha = as_floats("..., ..., ", dy=dy, z=z, alpha=alpha)
    return np.where(z > 0, dy, alpha * dy), np.asarray((dy * np.minimum(z, 0)).sum())


def rrelu(z: ArrayLike, slopes: ArrayLike) -> Array:
    r"""Randomised leaky ReLU: each entry has a left slope of its own, drawn in the forward pass.

    Parameters
    ----------
    z : array_like
        Input, any shape.
    slopes : array_like
        Left slopes, same shape as `z`.
    """
    z, slopes = as_floats("..., ...", z=z, slopes=slopes)
    return np.where(z > 0, z, slopes * z)


def rrelu_backward(dy: ArrayLike, z: ArrayLike, slopes: ArrayLike) -> Array:
    r"""Backward pass of `rrelu`: :math:`dz = dy` where z > 0, :math:`s \cdot dy` elsewhere.

    Parameters
    ----------
    dy : array_like
        Upstream gradient, same shape as `z`.
    z : array_like
        Input of the forward pass.
    slopes : array_like
        The left slopes that the forward pass drew, same shape as `z`.
    """
    dy, z, slopes = as_floats("..., ..., ...", dy=dy, z=z, slopes=slopes)
    return np.where(z > 0, dy, slopes * dy)


def elu(z: ArrayLike, alpha: ArrayLike) -> Array:
    r"""Exponential linear unit: :math:`z` where z > 0, :math:`\alpha (e^z - 1)` elsewhere.

    *Lecture 5: Backpropagation* (2018) writes a maximum of the two. It differs for every α > 0: far enough
    to the right the exponential overtakes z.

    Parameters
    ----------
    z : array_like
        Input, any shape.
    alpha : float
        Minus the limit on the far left.
    """
    z, alpha = as_floats("..., ", z=z, alpha=alpha)
    return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))


def elu_backward(dy: ArrayLike, z: ArrayLike, alpha: ArrayLike) -> Array:
    r"""Backward pass of `elu`: :math:`dz = dy` where z > 0, :math:`dy \cdot \alpha e^z` elsewhere.

    Parameters
    ----------
    dy : array_like
        Upstream gradient, same shape as `z`.
    z : array_like
        Input of the forward pass. For α = 1 there is no kink at 0; otherwise every slope between α and 1
        is right there, and this takes α.
    alpha : float
        Minus the limit on the far left.
    """
    dy, z, alpha = as_floats("..., ..., ", dy=dy, z=z, alpha=alpha)
    return np.where(z > 0, dy, dy * alpha * np.exp(np.minimum(z, 0)))

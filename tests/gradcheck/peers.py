"""Other gradient checkers, each asked in its own way whether a NumPy backward pass is right.

A peer takes a `Question` and says "right", "wrong", or "cannot be told" where it raises. One that is not
installed is not in `installed()`.
"""

import importlib.util
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from tests.gradcheck.verdicts import Question

Array = np.ndarray


def float64_or_32(x: Any) -> Array:
    """The array in a type that every peer knows."""
    return np.asarray(x, np.float32 if x.dtype == np.float32 else np.float64)


def in_torch(question: Question, x: Array, **mode: Any) -> bool:
    """``torch.autograd.gradcheck`` with its own tolerances."""
    import torch

    class Wrapped(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.save_for_backward(x)
            return torch.as_tensor(np.asarray(question.forward(x.detach().numpy())))

        @staticmethod
        def backward(ctx: Any, dy: Any) -> Any:
            (x,) = ctx.saved_tensors
            return torch.as_tensor(np.asarray(question.backward(dy.numpy(), x.numpy())))

    tensor = torch.tensor(x, requires_grad=True)
    return bool(torch.autograd.gradcheck(Wrapped.apply, (tensor,), raise_exception=False, **mode))


def in_jax(question: Question, x: Array) -> bool:
    """``jax.test_util.check_grads`` in reverse mode with its own tolerances."""
    import jax
    from jax.test_util import check_grads

    jax.config.update("jax_enable_x64", True)
    shapes = [jax.ShapeDtypeStruct(a.shape, a.dtype) for a in (np.asarray(question.forward(x)), x)]

    def asked(function: Callable[..., Any], shape: Any, *arguments: Any) -> Any:
        called = lambda *a: np.asarray(function(*map(np.asarray, a)), shape.dtype)  # noqa: E731
        return jax.pure_callback(called, shape, *arguments)

    @jax.custom_vjp
    def function(x: Any) -> Any:
        return asked(question.forward, shapes[0], x)

    function.defvjp(lambda x: (function(x), x), lambda x, dy: (asked(question.backward, shapes[1], dy, x),))
    return _asserts(lambda: check_grads(function, (x,), order=1, modes=["rev"]))


def in_hips(question: Question, x: Array) -> bool:
    """``autograd.test_util.check_grads`` in reverse mode with its own tolerances."""
    from autograd.extend import defvjp, primitive
    from autograd.test_util import check_grads

    function = primitive(lambda x: question.forward(x))
    defvjp(function, lambda y, x: lambda dy: question.backward(dy, x))
    return _asserts(lambda: check_grads(function, modes=["rev"], order=1)(x))


def in_scipy(question: Question, x: Array) -> bool:
    """``scipy.optimize.check_grad``, which gives a distance; under 10⁻⁶ counts as right."""
    from scipy.optimize import check_grad

    height, slopes = _as_scalar(question, x)
    return bool(check_grad(height, slopes, x.ravel()) < 1e-6)


def in_numdifftools(question: Question, x: Array) -> bool:
    """``numdifftools.Gradient``, compared by ``np.allclose``."""
    import numdifftools

    height, slopes = _as_scalar(question, x)
    return bool(np.allclose(numdifftools.Gradient(height)(x.ravel()), slopes(x.ravel())))


def by_loop(question: Question, x: Array, step: float = 1e-5, most: float = 1e-7) -> bool:
    """The loop over entries that courses teach: central differences, and a fixed relative error."""
    height, slopes = _as_scalar(question, x)
    numerical, x = np.zeros(x.size), x.ravel().copy()
    for i in range(x.size):
        kept = x[i]
        x[i] = kept + step
        above = height(x)
        x[i] = kept - step
        numerical[i] = (above - height(x)) / (2 * step)
        x[i] = kept
    analytic = slopes(x)
    size = np.maximum(1e-8, np.abs(numerical) + np.abs(analytic))
    return bool(np.max(np.abs(numerical - analytic) / size) < most)


def _as_scalar(question: Question, x: Array) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """A function of one flat vector, <dy, f(x)> with a random dy, and its gradient."""
    dy = np.asarray(np.random.default_rng(0).standard_normal(np.shape(question.forward(x))), x.dtype)
    shaped = lambda v: v.reshape(x.shape).astype(x.dtype)  # noqa: E731
    height = lambda v: float(np.sum(dy * question.forward(shaped(v))))  # noqa: E731
    return height, lambda v: np.asarray(question.backward(dy, shaped(v)), float).ravel()


def _asserts(check: Callable[[], object]) -> bool:
    try:
        check()
    except AssertionError:
        return False
    return True


PEERS: dict[str, tuple[str, Callable[[Question, Array], bool]]] = {
    "torch, slow": ("torch", in_torch),
    "torch, fast": ("torch", partial(in_torch, fast_mode=True)),
    "jax": ("jax", in_jax),
    "HIPS": ("autograd", in_hips),
    "scipy": ("scipy", in_scipy),
    "numdifftools": ("numdifftools", in_numdifftools),
    "taught loop": ("numpy", by_loop),
}


def installed() -> list[str]:
    """Names of the peers that are here."""
    return [name for name, (package, _) in PEERS.items() if importlib.util.find_spec(package)]


def verdict(peer: str, question: Question) -> str:
    """What a peer says."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            (x,) = question.inputs
            return "right" if PEERS[peer][1](question, float64_or_32(x)) else "wrong"
        except Exception:  # each has errors of its own for what it cannot take
            return "cannot be told"

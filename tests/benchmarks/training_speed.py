"""How long a training step on the digits takes: ``python -m tests.benchmarks.training_speed``.

The network of the last notebook, 64 inputs, 32 hidden units, 10 classes, float64: forward pass, loss,
backward pass and a step of gradient descent. Beside it, in the same run from the same parameters: PyTorch
eager with its own SGD, and JAX jit. All must arrive at the same parameters.
"""

import time
from collections.abc import Callable

import jax
import numpy as np
import torch

from backprop_course.data import split_digits
from backprop_course.network import initial_parameters, loss_and_gradients, sgd_step
from tests.benchmarks._measure import medians, reach

WIDTHS, RATE = (64, 32, 10), 0.2
BATCHES = (32, 256, 1_024)
Step = Callable[[], object]


def ours(x: np.ndarray, labels: np.ndarray) -> tuple[Step, Callable[[], list[np.ndarray]]]:
    """One step of the course's own `train`, and its parameters so far."""
    state = initial_parameters(WIDTHS, 0)

    def step() -> None:
        nonlocal state
        _, dweights, dbiases = loss_and_gradients(*state, x, labels)
        state = sgd_step(state[0], dweights, RATE), sgd_step(state[1], dbiases, RATE)

    return step, lambda: [*state[0], *state[1]]


def in_torch(x: np.ndarray, labels: np.ndarray) -> tuple[Step, Callable[[], list[np.ndarray]]]:
    """The same in PyTorch, as its tutorials write it."""
    weights, biases = initial_parameters(WIDTHS, 0)
    layers = [torch.nn.Linear(*W.shape, dtype=torch.float64) for W in weights]
    for layer, W, b in zip(layers, weights, biases, strict=True):
        layer.weight.data, layer.bias.data = torch.tensor(W.T), torch.tensor(b)
    model = torch.nn.Sequential(layers[0], torch.nn.ReLU(), layers[1])
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    inputs, targets, loss = torch.tensor(x), torch.tensor(labels), torch.nn.CrossEntropyLoss()

    def step() -> None:
        optimizer.zero_grad()
        loss(model(inputs), targets).backward()
        optimizer.step()

    return (
        step,
        lambda: [v.weight.detach().numpy().T for v in layers] + [v.bias.detach().numpy() for v in layers],
    )


def in_jax(x: np.ndarray, labels: np.ndarray) -> tuple[Step, Callable[[], list[np.ndarray]]]:
    """The same compiled by JAX."""
    jax.config.update("jax_enable_x64", True)
    inputs, targets = jax.numpy.asarray(x), jax.numpy.asarray(labels)
    state = initial_parameters(WIDTHS, 0)

    def loss(state, x, labels):
        (W, V), (b, c) = state
        log_p = jax.nn.log_softmax(jax.nn.relu(x @ W + b) @ V + c)
        return -jax.numpy.take_along_axis(log_p, labels[:, None], axis=1).mean()

    @jax.jit
    def stepped(state, x, labels):
        return jax.tree.map(lambda p, g: p - RATE * g, state, jax.grad(loss)(state, x, labels))

    def step() -> None:
        nonlocal state
        state = jax.block_until_ready(stepped(state, inputs, targets))

    return step, lambda: [*map(np.asarray, state[0]), *map(np.asarray, state[1])]


PEERS = {"ours": ours, "torch": in_torch, "jax": in_jax}


def same_after(steps: int, x: np.ndarray, labels: np.ndarray) -> bool:
    """Whether all arrive at the same parameters after that many steps."""
    ends = []
    for make in PEERS.values():
        step, parameters = make(x, labels)
        for _ in range(steps):
            step()
        ends.append(parameters())
    return all(np.allclose(a, b) for end in ends[1:] for a, b in zip(ends[0], end, strict=True))


def main(batches: tuple[int, ...] = BATCHES, repeat: int = 31) -> None:
    """Print microseconds a step and the ratios."""
    x_all, labels_all, *_ = split_digits()
    one = torch.get_num_threads() == 1
    threads = "one thread" if one else f"{torch.get_num_threads()} threads"
    clock = time.process_time if one else time.perf_counter
    print(f"{'median of ' + str(repeat) + ', ' + threads:<32}{'ours':>11}{'ours/torch':>12}{'ours/jax':>12}")
    for batch in batches:
        x, labels = x_all[:batch], labels_all[:batch]
        if not same_after(3, x, labels):
            raise SystemExit("the parameters differ after three steps")
        seconds = medians({name: make(x, labels)[0] for name, make in PEERS.items()}, repeat, clock=clock)
        ratio = seconds["ours"] / seconds["torch"]
        print(
            f"{f'a step on {batch:,} digits':<32}{1e6 * seconds['ours']:>9.1f}µs{ratio:>12.2f}"
            f"{seconds['ours'] / seconds['jax']:>12.2f}"
        )
        if batch == batches[0]:
            measured = f"{ratio:.2f}× its time, {batch} digits a step"
            why = "PyTorch's calls cost less than NumPy's at this size"
            reach(f"a training step beside PyTorch eager, {threads}", measured, "≤ 1×", ratio <= 1, why)


if __name__ == "__main__":
    main()

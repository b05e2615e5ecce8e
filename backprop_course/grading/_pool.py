"""Many tasks at once: in processes here, or on a Dask cluster. Whatever dies, its tasks run again."""

import multiprocessing
import os
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool

from backprop_course.grading import _worker
from backprop_course.grading._task import Done, Task, execute

Outcome = tuple[Task, Done | Exception]
TRIES = 3  # of a task whose process or machine is lost


def results(tasks: Sequence[Task], jobs: int, scheduler: str | None = None) -> Iterator[Outcome]:
    """Execute tasks, here or on a cluster, and yield each as it is done.

    A neighbour may take the processor from a submission until its time is up. So whatever ran out of time
    while it hardly had the processor is not believed until it has run once more, after all others, and alone.
    """
    waited: list[Task] = []
    for task, outcome in _once(tasks, jobs, scheduler):
        if isinstance(outcome, Done) and outcome.starved and (jobs > 1 or scheduler):
            waited.append(task)
        else:
            yield task, outcome
    yield from _once(waited, 1, scheduler)


def _once(tasks: Sequence[Task], jobs: int, scheduler: str | None) -> Iterator[Outcome]:
    return on_cluster(tasks, scheduler) if scheduler else in_processes(tasks, jobs)


def in_processes(tasks: Sequence[Task], jobs: int) -> Iterator[Outcome]:
    """Execute tasks in `jobs` processes and yield each as it is done."""
    waiting, tries = list(reversed(tasks)), dict.fromkeys(range(len(tasks)), 0)
    numbers = {id(task): number for number, task in enumerate(tasks)}
    while waiting:
        lost: list[Task] = []
        with ProcessPoolExecutor(
            jobs, mp_context=multiprocessing.get_context("spawn"), initializer=_follow
        ) as pool:
            running: dict[Future[Done], Task] = {}
            while (waiting and not lost) or running:
                while waiting and not lost and len(running) < 2 * jobs:  # so that memory stays flat
                    task = waiting.pop()
                    try:
                        running[pool.submit(execute, task)] = task
                    except BrokenProcessPool:
                        lost.append(task)
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    task = running.pop(future)
                    error = future.exception()
                    if isinstance(error, BrokenProcessPool):
                        lost.append(task)
                    else:
                        yield task, error if isinstance(error, Exception) else future.result()
        for task in lost:
            tries[numbers[id(task)]] += 1
            if tries[numbers[id(task)]] < TRIES:
                waiting.append(task)
            else:
                yield task, RuntimeError(f"the process that graded it was lost {TRIES} times")


def _follow() -> None:
    """In a worker, end when the process that started it has been killed."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        _worker.close()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def on_cluster(tasks: Sequence[Task], scheduler: str) -> Iterator[Outcome]:
    """Execute tasks on a Dask cluster and yield each as it is done; a lost worker's run elsewhere.

    Raises
    ------
    ModuleNotFoundError
        When Dask is not installed here: it is in the extra ``cluster``.
    OSError
        When no scheduler answers at that address.
    """
    from distributed import Client, as_completed

    with Client(scheduler) as client:  # type: ignore[no-untyped-call]
        futures = {
            client.submit(execute, task, key=f"grade-{number}-{task.digest}", pure=False): task
            for number, task in enumerate(tasks)
        }
        for future in as_completed(list(futures)):  # type: ignore[no-untyped-call]
            error = future.exception()
            yield futures.pop(future), error if isinstance(error, Exception) else future.result()

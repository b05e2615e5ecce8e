"""Many tasks at once: in processes here, or on a Dask cluster. Whatever dies, its tasks run again."""

import multiprocessing
import os
import shutil
import signal
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import NoReturn

from backprop_course.grading import _worker
from backprop_course.grading._task import Done, Task, execute

Outcome = tuple[Task, Done | Exception]
TRIES = 3  # of a task whose process or machine is lost


def results(tasks: Iterable[Task], jobs: int, scheduler: str | None = None) -> Iterator[Outcome]:
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


def _once(tasks: Iterable[Task], jobs: int, scheduler: str | None) -> Iterator[Outcome]:
    return on_cluster(tasks, scheduler) if scheduler else in_processes(tasks, jobs)


def in_processes(tasks: Iterable[Task], jobs: int) -> Iterator[Outcome]:
    """Execute tasks in `jobs` processes and yield each as it is done.

    A task is made when its turn has come, so that memory stays flat. When a process is lost, what was under
    way runs again, one at a time: so the task that loses it costs no other task its tries.
    """
    coming, again, tries = iter(tasks), list[Task](), Counter[tuple[str, str]]()
    broken = True
    while broken:
        broken = False
        with (
            tempfile.TemporaryDirectory(prefix="grading-", ignore_cleanup_errors=True) as scratch,
            ProcessPoolExecutor(
                jobs,
                multiprocessing.get_context("spawn"),
                initializer=_begin,
                initargs=(scratch, os.getpid()),
            ) as pool,
        ):
            running: dict[Future[Done], Task] = {}
            while True:
                while not broken and len(running) < (1 if _any_lost(again, running, tries) else 2 * jobs):
                    task = again.pop() if again else next(coming, None)
                    if task is None:
                        break
                    running[_submit(pool, task)] = task
                if not running:
                    break
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    task, error = running.pop(future), future.exception()
                    broken |= isinstance(error, BrokenProcessPool)
                    tries[task.student, task.notebook] += isinstance(error, BrokenProcessPool)
                    if not isinstance(error, BrokenProcessPool):
                        yield task, error if isinstance(error, Exception) else future.result()
                    elif tries[task.student, task.notebook] < TRIES:
                        again.append(task)
                    else:
                        yield task, RuntimeError(f"the process that graded it was lost {TRIES} times")


def _any_lost(again: list[Task], running: dict[Future[Done], Task], tries: Counter[tuple[str, str]]) -> bool:
    return bool(again) or any(tries[task.student, task.notebook] for task in running.values())


def _submit(pool: ProcessPoolExecutor, task: Task) -> Future[Done]:
    """Submit a task; where the pool is found to be broken, the future says so."""
    try:
        return pool.submit(execute, task)
    except BrokenProcessPool as error:
        lost: Future[Done] = Future()
        lost.set_exception(error)
        return lost


def _begin(scratch: str, parent: int) -> None:
    """In a worker, lay all files into one folder, and remove it when told to end, or left alone."""
    tempfile.tempdir = scratch

    def end(*_: object) -> NoReturn:
        _worker.close()
        shutil.rmtree(scratch, ignore_errors=True)
        os._exit(1)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)  # in the main thread, which then makes no more files

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    threading.Thread(target=watch, daemon=True).start()


def on_cluster(tasks: Iterable[Task], scheduler: str) -> Iterator[Outcome]:
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

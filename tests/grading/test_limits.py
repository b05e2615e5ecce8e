"""What takes too long outside of the sandbox is ended, in the main thread and in a worker's."""

import threading
import time

import pytest

from backprop_course.grading._limits import at_most


def _count_for_ever() -> None:
    while True:
        pass


def _ended() -> str:
    with pytest.raises(TimeoutError) as ended, at_most(0.2, "counting"):
        _count_for_ever()
    return str(ended.value)


def test_endless_loop_is_ended_in_the_main_thread() -> None:
    assert _ended() == "counting takes longer than 0 seconds"


def test_endless_loop_is_ended_in_another_thread() -> None:
    said: list[str] = []
    worker = threading.Thread(target=lambda: said.append(_ended()), daemon=True)
    worker.start()
    worker.join(60)
    assert said == ["counting takes longer than 0 seconds"]


def test_what_is_done_in_time_is_not_ended_later() -> None:
    done: list[bool] = []

    def work() -> None:
        with at_most(0.05, "working"):
            pass
        until = time.monotonic() + 0.2
        while time.monotonic() < until:
            pass
        done.append(True)

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    worker.join(60)
    assert done == [True]

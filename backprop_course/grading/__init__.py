"""A class graded with nbgrader: submissions run in a sandbox, and are judged outside of it."""


def install() -> None:
    """Let nbgrader's autograde command, and the formgrader's button, grade as this course does."""
    from backprop_course.grading._converter import install as put_in_place

    put_in_place()

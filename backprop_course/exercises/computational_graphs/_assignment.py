"""What the exercises of 02-computational-graphs share."""

from functools import partial

from backprop_course.exercises._declare import Exercise

Exercise02 = partial(Exercise, assignment="02-computational-graphs")

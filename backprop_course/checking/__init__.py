"""Evaluating one answer: cases, verdicts, named mistakes, report."""

from backprop_course.checking._leaves import Leaf
from backprop_course.checking._one_entry import OneEntry, loss_of_one_entry
from backprop_course.checking._records import CaseResult, Entry
from backprop_course.checking.catalogue import CATALOGUE
from backprop_course.checking.check import ExerciseFailed, check, on_check, verdicts
from backprop_course.checking.evaluate import evaluate, judge
from backprop_course.checking.report import Report
from backprop_course.exercises import Mistake

__all__ = [
    "CATALOGUE",
    "CaseResult",
    "Entry",
    "ExerciseFailed",
    "Leaf",
    "Mistake",
    "OneEntry",
    "Report",
    "check",
    "evaluate",
    "judge",
    "loss_of_one_entry",
    "on_check",
    "verdicts",
]

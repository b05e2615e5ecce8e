"""Evaluating one answer: cases, verdicts, named mistakes, report."""

from backprop_course.checking._along import Along, along
from backprop_course.checking._trial import Leaf
from backprop_course.checking.catalogue import CATALOGUE
from backprop_course.checking.check import ExerciseFailed, check, on_check, verdicts
from backprop_course.checking.evaluate import evaluate, judge
from backprop_course.checking.report import CaseResult, Entry, Mistake, Report

__all__ = [
    "CATALOGUE",
    "Along",
    "CaseResult",
    "Entry",
    "ExerciseFailed",
    "Leaf",
    "Mistake",
    "Report",
    "along",
    "check",
    "evaluate",
    "judge",
    "on_check",
    "verdicts",
]

"""Evaluating one answer: cases, verdicts, named mistakes, report."""

from backprop_course.checking.catalogue import CATALOGUE
from backprop_course.checking.check import ExerciseFailed, check, on_check, verdicts
from backprop_course.checking.evaluate import evaluate, judge
from backprop_course.checking.report import CaseResult, Entry, Mistake, Report

__all__ = [
    "CATALOGUE",
    "CaseResult",
    "Entry",
    "ExerciseFailed",
    "Mistake",
    "Report",
    "check",
    "evaluate",
    "judge",
    "on_check",
    "verdicts",
]

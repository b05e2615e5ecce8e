"""Grading a class, on nbgrader."""

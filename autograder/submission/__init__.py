"""The first step of grading: a submitted notebook is brought back to its source."""

from autograder.submission.repair import Reconcile

__all__ = ["Reconcile"]

"""Exports of grades to learning platforms."""

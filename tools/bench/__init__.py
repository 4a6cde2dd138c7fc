"""Benchmarks: each prints a table of what it measures in one run, and writes to build/bench/."""

"""What the notebook and its tests use."""

import pandas as pd


def to_fahrenheit(celsius):
    return celsius * 9 / 5 + 32


def small_table():
    """A table for trying out, other than the one in the file."""
    return pd.DataFrame(
        {
            "station": ["A", "B", "B"],
            "region": ["n", "s", "s"],
            "day": ["2024-01-01", "2024-01-01", "2024-01-02"],
            "celsius": [-5.0, 3.0, 7.0],
        }
    )


def check_columns(table, columns):
    missing = [name for name in columns if name not in table.columns]
    assert not missing, f"there is no column {missing[0]}"

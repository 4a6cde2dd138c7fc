# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # Lab 5: tables
#
# Temperatures of a few weather stations, in `stations.csv`.

# %%
import pandas as pd
from weather import check_columns, small_table, to_fahrenheit


# %% nbgrader={"grade": false, "grade_id": "read_stations", "locked": false, "schema_version": 3, "solution": true, "task": false}
def read_stations(path):
    """The table in a file, without the rows that have no temperature, numbered anew."""
    ### BEGIN SOLUTION
    table = pd.read_csv(path)
    return table.dropna(subset=["celsius"]).reset_index(drop=True)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-read_stations", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
stations = read_stations("stations.csv")
assert isinstance(stations, pd.DataFrame), "read_stations must give a DataFrame"
check_columns(stations, ["station", "region", "day", "celsius"])
assert stations.shape == (5, 4)
### BEGIN HIDDEN TESTS
assert stations["celsius"].dtype == float
assert list(stations.index) == [0, 1, 2, 3, 4]
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "with_fahrenheit", "locked": false, "schema_version": 3, "solution": true, "task": false}
def with_fahrenheit(table):
    """A copy of a table with one column more, fahrenheit."""
    ### BEGIN SOLUTION
    return table.assign(fahrenheit=to_fahrenheit(table["celsius"]))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-with_fahrenheit", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
before = small_table()
after = with_fahrenheit(before)
wanted = small_table()
wanted["fahrenheit"] = [23.0, 37.4, 44.6]
pd.testing.assert_frame_equal(after, wanted)
assert "fahrenheit" not in before.columns, "do not change the table itself"


# %% nbgrader={"grade": false, "grade_id": "warmest", "locked": false, "schema_version": 3, "solution": true, "task": false}
def warmest(table):
    """The name of the station with the highest temperature."""
    ### BEGIN SOLUTION
    return table.loc[table["celsius"].idxmax(), "station"]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-warmest", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
if __name__ == "__main__":
    assert warmest(small_table()) == "B"
    assert warmest(small_table().head(1)) == "A"


# %% nbgrader={"grade": false, "grade_id": "mean_by_region", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mean_by_region(table):
    """The mean temperature of each region, as a Series."""
    ### BEGIN SOLUTION
    return table.groupby("region")["celsius"].mean()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-mean_by_region", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
means = mean_by_region(small_table())
score = 0
if isinstance(means, pd.Series):
    score += 1
if means["n"] == -5 and means["s"] == 5:
    score += 1
if means.index.name == "region":
    score += 1
score

# %% nbgrader={"grade": false, "grade_id": "daily", "locked": false, "schema_version": 3, "solution": true, "task": false}
# A table `daily` of the stations' temperatures: one row for each day, one column for each station.
daily = None
### BEGIN SOLUTION
daily = pd.read_csv("stations.csv").pivot(index="day", columns="station", values="celsius")
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test-daily", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert daily is not None
assert daily.shape == (2, 3)
assert set(daily.columns) == {"Bergen", "Oslo", "Hamar"}
assert daily.loc["2024-06-02", "Oslo"] == 23.5
### BEGIN HIDDEN TESTS
assert daily["Bergen"].isna().sum() == 1
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "rank_days", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rank_days(table, station):
    """The days of a station as a list, the warmest first. KeyError where there is no such station."""
    ### BEGIN SOLUTION
    rows = table[table["station"] == station]
    if len(rows) == 0:
        raise KeyError(station)
    return rows.sort_values("celsius", ascending=False)["day"].tolist()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-rank_days", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert rank_days(small_table(), "B") == ["2024-01-02", "2024-01-01"]
try:
    rank_days(small_table(), "Z")
except KeyError:
    pass
else:
    raise AssertionError("a station that is not there should be a KeyError")


# %% nbgrader={"grade": false, "grade_id": "summary", "locked": false, "schema_version": 3, "solution": true, "task": false}
def summary(table):
    """A dictionary with the number of rows, the lowest and the highest temperature."""
    ### BEGIN SOLUTION
    celsius = table["celsius"]
    return {"rows": len(table), "lowest": celsius.min(), "highest": celsius.max()}
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-summary", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# %%time
assert summary(small_table()) == {"rows": 3, "lowest": -5, "highest": 7}

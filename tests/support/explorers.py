"""What tests ask of any explorer: its words, its figure, and that moving its controls is seen."""

import html

import ipywidgets
from matplotlib.figure import Figure


def words(explorer):
    """What stands below the picture."""
    return explorer.reading.value


def figure(explorer, **values):
    """The figure that it draws, with some controls at other values."""
    drawn = Figure(figsize=explorer.size)
    explorer.draw_figure(drawn, **{**explorer.values, **values})
    return drawn


def set_values(explorer, **values):
    for name, value in values.items():
        explorer.controls[name].value = value


def other_values(control):
    """Two values that a control can take, besides the one that it has."""
    if isinstance(control, ipywidgets.FloatLogSlider):
        return [value for value in (1e-3, 1e-1, 1e-2) if value != control.value][:2]
    if hasattr(control, "options"):
        taken = [value for value in control._options_values if value != control.value]
        return list(dict.fromkeys([taken[0], taken[-1]]))
    ends = control.min, control.max
    return [value for value in ends if value != control.value]


def assert_each_control_is_seen(explorer):
    """Whichever control moves, picture and words change; back again, they are as before."""
    before = explorer.picture.png, words(explorer)
    assert before[0].startswith(b"\x89PNG")
    for name, control in explorer.controls.items():
        start, seen = control.value, [before]
        for value in other_values(control):
            control.value = value
            seen.append((explorer.picture.png, words(explorer)))
        assert len({png for png, _ in seen}) == len(seen), f"{name} does not change the picture"
        assert len({text for _, text in seen}) > 1, f"{name} does not change the words"
        control.value = start
        assert (explorer.picture.png, words(explorer)) == before


def assert_it_is_told_in_words(explorer):
    """Controls have descriptions, axes labels and titles, and the picture a text alternative."""
    assert explorer.title.endswith("?")
    assert all(len(control.description) > 3 for control in explorer.controls.values())
    for ax in figure(explorer).axes:
        assert ax.get_ylabel()
        assert ax.get_xlabel() or not ax.xaxis.get_tick_params()["labelbottom"]
    assert all(ax.get_title() or ax.get_xlabel() for ax in figure(explorer).axes)
    assert explorer.picture.alt == words(explorer)
    page = explorer._repr_mimebundle_()["text/html"]
    assert "<figure" in page and html.escape(explorer.picture.alt, quote=True) in page


def unwritten(function_name):
    """A stub of that name, as a student has it."""

    def stub(*arguments, **named):
        raise NotImplementedError

    stub.__name__ = function_name
    return stub

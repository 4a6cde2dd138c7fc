"""A training while it runs, and again afterwards: its cost, mean activations and filters."""

import asyncio
import io
import math
import os
import threading
from collections.abc import Callable
from numbers import Integral
from pathlib import Path
from typing import Any, NamedTuple

import ipywidgets
import numpy as np
from IPython import get_ipython
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import ArrayLike
from PIL import Image
from scipy.optimize import OptimizeResult
from tqdm import tqdm

from saelab import progress
from saelab.display import BLUE, GREY, ORANGE
from saelab.typed import Array, Function
from saelab.widgets.explorer import Explorer
from saelab.widgets.panels import few_ticks
from saelab.widgets.theirs import TheirsFailed, attempt, call, name_of
from saelab.widgets.weights import draw_filters


class Frame(NamedTuple):
    """What is kept of an iteration: its parameters, and the parts of the cost there."""

    iteration: int
    theta: Array
    error: float
    decay: float
    sparsity: float


PARTS = ("error", "weight decay", "sparsity penalty")
STYLES = (("-", BLUE), ("--", ORANGE), (":", GREY))
POWERS = (1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100, 1000)
# How many iterations of each power of ten are drawn while it trains, and are kept for the replay.
DRAWN, KEPT = 8, 24
HOW_TO_STOP = (
    "Stop keeps what was learned so far. Where the button does not answer, interrupt the kernel "
    "(the square in the toolbar): that keeps it, too."
)


class Stopped(BaseException):
    """The training must end; like an interrupt, this passes code that catches exceptions."""


def training_monitor(
    train: Function,
    cost: Function,
    unpack_parameters: Function,
    feed_forward: Function,
    average_activation: Function,
    theta0: ArrayLike,
    patches: ArrayLike,
    maxiter: int = 200,
    lambda_: float = 1e-4,
    rho: float = 0.01,
    beta: float = 3.0,
) -> "TrainingMonitor":
    """Watch a training of your own functions while it runs.

        monitor = training_monitor(train, sparse_autoencoder_cost, ..., theta0, patches)
        result = await monitor.watch()

    `watch` shows the monitor, trains, and returns what `train` returned; after a stop, it returns
    what there was until then. `monitor.result` keeps the result. The `await` is needed because a
    kernel notices a pressed button only while its cell waits; meanwhile the training runs in a
    thread of its own. `monitor.run()` does the same without `await`, for terminals and scripts too;
    an interrupt stops it.

    Afterwards a slider goes through the iterations once more, and `monitor.save_gif(path)` saves
    the filters as they formed.

    Args:
        train: your own function.
        cost: your own function sparse_autoencoder_cost.
        unpack_parameters: your own function.
        feed_forward: your own function.
        average_activation: your own function.
        theta0: 1-D, the parameters to start from; they are not changed.
        patches: (visible_size, m), one patch in each column.
        maxiter: the largest number of iterations.
        lambda_: the weight decay, as `cost` takes it.
        rho: the target activation, as `cost` takes it.
        beta: the weight of the sparsity penalty, as `cost` takes it.

    Returns:
        The monitor.

    Raises:
        ValueError: if an argument cannot be used; the message gives its value.
    """
    theta0, patches = np.array(theta0, dtype=float), np.asarray(patches, dtype=float)
    if patches.ndim != 2 or 0 in patches.shape:
        raise ValueError(f"patches has the shape {patches.shape}; give (visible_size, m) numbers")
    visible_size = patches.shape[0]
    if round(visible_size**0.5) ** 2 != visible_size:
        raise ValueError(f"patches has {visible_size} rows; a patch of p x p pixels has p * p")
    hidden_size, rest = divmod(theta0.size - visible_size, 2 * visible_size + 1)
    if theta0.ndim != 1 or rest or hidden_size < 1:
        raise ValueError(
            f"theta0 has the shape {theta0.shape}, which fits no number of hidden units between "
            f"{visible_size} inputs and outputs; take it from initialize_parameters({visible_size},"
            " hidden_size, rng)"
        )
    if isinstance(maxiter, bool) or not isinstance(maxiter, Integral) or maxiter < 1:
        raise ValueError(f"maxiter is {maxiter!r}; give a whole number of at least 1")
    for name, value in (("lambda_", lambda_), ("beta", beta)):
        if not 0 <= value < np.inf:
            raise ValueError(f"{name} is {value!r}; give a number of at least 0")
    if not 0 < rho < 1:
        raise ValueError(f"rho is {rho!r}; give a number between 0 and 1")
    theirs = train, cost, unpack_parameters, feed_forward, average_activation
    sizes = visible_size, int(hidden_size)
    return TrainingMonitor(theirs, theta0, patches, sizes, int(maxiter), (lambda_, rho, beta))


class TrainingMonitor(Explorer):
    """The monitor that `training_monitor` makes; see there for its use.

    Attributes:
        result: the result of the last run; None before the first run.
    """

    def __init__(
        self,
        theirs: tuple[Function, Function, Function, Function, Function],
        theta0: Array,
        patches: Array,
        sizes: tuple[int, int],
        maxiter: int,
        settings: tuple[float, float, float],
    ) -> None:
        self.train, self.cost, self.unpack, self.feed_forward, self.average = theirs
        self.theta0, self.patches, self.sizes = theta0, patches, sizes
        self.maxiter, self.settings = maxiter, settings
        self.stop_asked, self.result = threading.Event(), None
        self.begin()
        # The message comes in another thread, while the cell that trains is busy.
        self.stop = ipywidgets.Button(
            description="Stop and keep the result", icon="stop", disabled=True,
            layout=ipywidgets.Layout(width="auto", align_self="flex-start"),
        )  # fmt: skip
        self.stop.on_click(lambda button: self.stop_asked.set())
        lambda_, rho, beta = settings
        title = f"What is learned when, with rho = {rho:g}, beta = {beta:g}, lambda = {lambda_:g}?"
        super().__init__(title, self.draw, {}, (8, 3.4))
        heading, _, picture, reading = self.children
        hint = ipywidgets.HTML(f'<div class="saelab-hint">{HOW_TO_STOP}</div>')
        self.replay = self.make_replay()
        self.children: tuple[Any, ...] = (
            heading, self.stop, picture, reading, self.replay, hint
        )  # fmt: skip

    def make_replay(self) -> Any:
        """The controls that show the training once more; they are hidden until it has ended."""
        self.slider = ipywidgets.SelectionSlider(
            options=[0], description="iteration", continuous_update=True,
            layout=ipywidgets.Layout(width="32em"),
        )  # fmt: skip
        self.slider.observe(lambda change: self.go_to(self.slider.index), "index")
        self.save = ipywidgets.Button(description="Save as GIF", icon="film")
        self.save.on_click(lambda button: self.save_gif())
        self.saved = ipywidgets.HTML()
        return ipywidgets.Box(
            [self.slider, self.save, self.saved],
            layout=ipywidgets.Layout(flex_flow="row wrap", display="none"),
        )

    def begin(self) -> None:
        """Forget the previous training."""
        self.stop_asked.clear()
        self.stopped, self.evaluations = False, 0
        self.failure: TheirsFailed | None = None
        self.theta = self.theta0
        self.evaluated: tuple[Array, float] | None = None  # where, and the cost there
        self.costs: list[float] = []
        self.frames: list[Frame] = []
        self.shown: int | None = None  # the number of a frame; None: the present state

    # --- the training ----------------------------------------------------------------

    async def watch(self) -> Any:
        """Show the monitor, train, and return the result.

        Returns:
            What `train` returned, or what there was when the training was cut short. In that case
            `success` is False, and `message` says so.
        """
        self.begin()
        shown = display(self, display_id=True)
        training = asyncio.create_task(asyncio.to_thread(self.learn))
        while not training.done():
            try:
                # Python hears of an interrupt only when the thread that waits wakes up.
                await asyncio.wait([training], timeout=0.1)
            except asyncio.CancelledError:  # what becomes of it in a cell that waits
                self.stop_asked.set()
        if shown:
            shown.update(self)  # a page without widgets keeps the picture of the end
        return training.result()

    def run(self) -> Any:
        """Do the same as `watch`, without `await`; an interrupt stops it.

        In a terminal it prints words.

        Returns:
            The result, as in `watch`.
        """
        self.begin()
        shown = display(self, display_id=True) if in_kernel() else None
        result = self.learn()
        if shown:
            shown.update(self)
        else:
            print(self.reading.value)
        return result

    def learn(self) -> Any:
        """Train, drawing now and then, and return the result."""
        self.replay.layout.display = "none"
        self.redraw()
        self.stop.disabled = False
        returned = None
        try:
            with progress.bar(self.maxiter, "training", unit="iteration") as bar:
                returned = self.trained(lambda theta: self.follow(theta, bar))
                bar.finish("converged" if getattr(returned, "success", False) else "stopped")
        except (KeyboardInterrupt, Stopped):
            self.stopped = True
        except TheirsFailed as failure:
            self.failure = self.failure or failure
        self.stop.disabled = True
        self.result = self.kept(returned)
        self.redraw()
        self.offer_replay()
        return self.result

    def trained(self, callback: Callable[[Array], None]) -> Any:
        """Call the student's `train`.

        Args:
            callback: called by `train` after each iteration, with theta.

        Returns:
            What `train` returns.

        Raises:
            TheirsFailed: if `train` returns something that cannot be used, or never calls
                `callback`.
        """
        returned = attempt(self.train, self.theta0, self.evaluate, self.maxiter, callback)
        x: Any = getattr(returned, "x", None)
        if np.shape(x) != self.theta0.shape:
            name = name_of(self.train)
            raise TheirsFailed(
                f"{name} returned {type(returned).__name__}, where scipy's OptimizeResult was "
                f"expected, with .x like theta0. Run check({name}): it says more."
            )
        if not self.costs:
            name = name_of(self.train)
            raise TheirsFailed(
                f"{name} never called its callback, so there is nothing to be seen. Run "
                f"check({name}): it says more."
            )
        self.theta = np.array(x, dtype=float)
        return returned

    def kept(self, returned: Any) -> Any:
        """The result of a training.

        Args:
            returned: what `train` returned; None if it did not return.

        Returns:
            What `train` returned, or an OptimizeResult of what there was when the training was cut
            short.
        """
        if returned is not None and not self.stopped:
            return returned
        why = "by you" if self.stopped else "by an error"
        return OptimizeResult(
            x=self.theta.copy(),
            fun=self.costs[-1] if self.costs else np.nan,
            nit=len(self.costs),
            nfev=self.evaluations,
            success=False,
            message=f"stopped {why} after {len(self.costs)} of {self.maxiter} iterations",
        )

    def evaluate(self, theta: Array) -> tuple[float, Array]:
        """The student's cost and gradient at theta; a fault in them ends the training."""
        self.end_if_asked()
        self.evaluations += 1
        return self.full_cost(theta)

    def follow(self, theta: ArrayLike, bar: "tqdm[Any]") -> None:
        """Record an iteration; `train` calls this after each one."""
        theta = np.array(theta, dtype=float)
        if self.evaluated is not None and np.array_equal(theta, self.evaluated[0]):
            cost = self.evaluated[1]
        else:
            cost, _ = self.full_cost(theta)
        self.theta = theta
        self.costs.append(cost)
        bar.update()
        if is_one_of(KEPT, len(self.costs)):
            self.keep_frame()
        if is_one_of(DRAWN, len(self.costs)):
            self.redraw()
        self.end_if_asked()

    def end_if_asked(self) -> None:
        if self.stop_asked.is_set():
            raise Stopped

    # --- what the reader's functions say ---------------------------------------------

    def cost_of(self, theta: Array, lambda_: float, beta: float) -> tuple[float, Array]:
        """Call the student's cost function.

        If it fails, self.failure keeps the error.

        Args:
            theta: the parameters.
            lambda_: the weight decay.
            beta: the weight of the sparsity penalty.

        Returns:
            (cost, gradient).

        Raises:
            TheirsFailed: if the function fails, or returns something else.
        """
        name, rho = name_of(self.cost), self.settings[1]
        try:
            # Bound, since arguments are copied, and the patches are many.
            cost = named(name, lambda theta, *terms: self.cost(theta, *terms, self.patches))
            returned = attempt(cost, theta, *self.sizes, lambda_, rho, beta)
            if not isinstance(returned, (tuple, list)) or len(returned) != 2:
                raise TheirsFailed(
                    f"{name} returned {type(returned).__name__}, where (cost, grad) was expected. "
                    f"Run check({name}): it says more."
                )
            # What is wrong with one of them is said with the name of the function.
            parts = [named(name, lambda part=part: part) for part in returned]
            return float(call(parts[0], shape=())), call(parts[1], shape=theta.shape)
        except TheirsFailed as failure:
            self.failure = failure
            raise

    def full_cost(self, theta: Array) -> tuple[float, Array]:
        """The cost and the gradient with all terms; theta and the cost are kept."""
        lambda_, _, beta = self.settings
        cost, gradient = self.cost_of(theta, lambda_, beta)
        self.evaluated = theta.copy(), cost
        return cost, gradient

    def keep_frame(self) -> None:
        """Keep the present theta, and the parts of the cost there, unless that is done.

        Each part is the cost with its term switched on, less the cost without it.
        """
        iteration = len(self.costs)
        if self.frames and self.frames[-1].iteration == iteration:
            return
        lambda_, _, beta = self.settings
        error, decay, sparsity = (
            self.cost_of(self.theta, *terms)[0] for terms in ((0, 0), (lambda_, 0), (0, beta))
        )
        parts = error, decay - error, sparsity - error
        self.frames.append(Frame(iteration, self.theta.copy(), *parts))

    def filters(self, theta: Array) -> Array:
        """The reader's W1 at theta."""
        visible, hidden = self.sizes
        W1 = attempt(self.unpack, theta, visible, hidden)[0]
        return call(named(name_of(self.unpack), lambda: W1), shape=(hidden, visible))

    def active(self, theta: Array) -> Array:
        """The reader's mean activations at theta."""
        visible, hidden = self.sizes
        a2 = attempt(self.feed_forward, theta, visible, hidden, self.patches)[0]
        return call(self.average, a2, shape=(hidden,))

    # --- the replay ------------------------------------------------------------------

    def offer_replay(self) -> None:
        """Show the controls of the replay, if there is more than one frame to see."""
        if len(self.frames) < 2:
            return
        last = len(self.frames) - 1
        self.held = True  # new options go to the first of them, which nobody asked to see
        self.slider.options = [frame.iteration for frame in self.frames]
        self.slider.index = last
        self.held = False
        self.shown, self.saved.value = last, ""
        self.replay.layout.display = None

    def go_to(self, frame: int) -> None:
        """Show one of the frames that were kept.

        Args:
            frame: its number, from 0.
        """
        if frame != self.shown and 0 <= frame < len(self.frames):
            self.shown = frame
            self.redraw()

    def save_gif(self, path: str | os.PathLike[str] = "training.gif", seconds: float = 6) -> Path:
        """Save the filters as they formed, as a moving picture.

        Args:
            path: the file to write.
            seconds: how long it takes until it begins anew, without the pause at its end.

        Returns:
            The path of the file.

        Raises:
            ValueError: if nothing has been trained yet.
        """
        if len(self.frames) < 2:
            raise ValueError("there is nothing to save yet: call watch() or run() first")
        with self.lock:
            shown = [self.still(frame) for frame in self.frames]
        each = round(1000 * seconds / len(shown))
        data = io.BytesIO()
        shown[0].save(
            data, "gif", save_all=True, append_images=shown[1:], loop=0,
            duration=[each] * (len(shown) - 1) + [2000],
        )  # fmt: skip
        path = Path(path)
        path.write_bytes(data.getvalue())
        self.saved.value = f"Saved as {path.name} beside the notebook."
        return path

    def still(self, frame: Frame) -> Image.Image:
        """The filters of a frame, in greys, with 7 x 7 pixels for each weight."""
        W1 = self.filters(frame.theta)
        columns = math.ceil(math.sqrt(len(W1)))
        rows, size = math.ceil(len(W1) / columns), round(math.sqrt(W1.shape[1])) + 1
        width, height = 7 * (columns * size - 1), 7 * (rows * size - 1)
        whole = width + 16, height + 44  # with a margin, and with room for a title
        figure = Figure(figsize=(whole[0] / 100, whole[1] / 100), dpi=100)
        canvas = FigureCanvasAgg(figure)
        box = 8 / whole[0], 8 / whole[1], width / whole[0], height / whole[1]
        draw_filters(figure.add_axes(box), W1)
        cost = frame.error + frame.decay + frame.sparsity
        figure.axes[0].set_title(f"iteration {frame.iteration}, cost {cost:.3f}", fontsize=11)
        canvas.draw()
        return Image.fromarray(np.asarray(canvas.buffer_rgba())[:, :, 0]).quantize(32)

    # --- the picture -----------------------------------------------------------------

    def draw(self, figure: Figure) -> str:
        """Draw the present state, and return the sentences that describe it."""
        if self.failure:
            raise self.failure
        if self.shown is None:
            self.keep_frame()
        frame = self.frames[-1 if self.shown is None else self.shown]
        W1, active = self.filters(frame.theta), self.active(frame.theta)
        self.draw_costs(figure.add_axes((0.08, 0.15, 0.29, 0.74)), frame.iteration)
        self.draw_active(figure.add_axes((0.46, 0.15, 0.2, 0.74)), active)
        draw_filters(figure.add_axes((0.69, 0.03, 0.3, 0.86)), W1)
        return self.sentence(frame, W1, active)

    def draw_costs(self, ax: Axes, iteration: int) -> None:
        frames = np.array([(i, *parts) for i, _, *parts in self.frames])
        for part, label, (style, color) in zip(frames.T[1:], PARTS, STYLES):
            ax.plot(frames[:, 0], part, style, color=color, lw=2, label=label)
        total = frames[:, 1:].sum(axis=1)
        if iteration < len(self.costs):
            ax.axvline(iteration, color=GREY, lw=1)
        costs = [total[0], *self.costs]
        ax.plot(range(len(costs)), costs, color="black", lw=1.5, label="cost")
        ax.set_xscale("symlog", linthresh=1)
        ax.set_yscale("log")
        ax.set(xlim=(0, self.maxiter), ylim=(1e-3, 2 * max(total)), xlabel="iteration")
        ax.set_ylabel("cost per example")
        ax.tick_params(labelsize=8)
        ax.set_title("The cost and its parts", fontsize=9, y=1)
        few_ticks(ax, [0, *powers((1, self.maxiter))], powers(ax.get_ylim()))
        ax.legend(fontsize=7, loc="upper right")

    def draw_active(self, ax: Axes, active: Array) -> None:
        rho = self.settings[1]
        ax.plot(np.arange(len(active)), active, "o", ms=4, color=BLUE)
        ax.axhline(rho, color=ORANGE, ls="--", label=f"rho = {rho:g}")
        ax.set_yscale("log")
        ax.set(xlabel="hidden unit", ylim=(min(rho / 10, active.min() / 2), 2))
        ax.set_ylabel("average activation")
        ax.tick_params(labelsize=8)
        ax.set_title("Is each unit rare?", fontsize=9, y=1)
        few_ticks(ax, y=powers(ax.get_ylim()))
        ax.legend(fontsize=7, loc="upper right")

    def sentence(self, frame: Frame, W1: Array, active: Array) -> str:
        iteration, _, error, decay, sparsity = frame
        here = self.stopped and iteration == len(self.costs)
        how = " You stopped it here, and the result is kept." if here else ""
        return (
            f"After {iteration} of {self.maxiter} iterations the cost is "
            f"{error + decay + sparsity:.3f}: error {error:.3f}, weight decay {decay:.3f}, "
            f"sparsity penalty {sparsity:.3f}. The mean activations lie between "
            f"{active.min():.3f} and {active.max():.3f}, and the largest weight is "
            f"{np.abs(W1).max():.2g}.{how}"
        )


def named(name: str, function: Function) -> Function:
    """Give a function the name that messages about it use, and return it."""
    function.__name__ = name
    return function


def powers(limits: tuple[float, float]) -> list[float]:
    """The powers of ten that lie within the limits of an axis."""
    return [power for power in POWERS if limits[0] <= power <= limits[1]]


def is_one_of(per_decade: int, iteration: int) -> bool:
    """Whether an iteration is one of those that are spread evenly over the powers of ten.

    Args:
        per_decade: about how many there are in each power of ten.
        iteration: at least 1.
    """
    power = round(per_decade * np.log10(iteration)) / per_decade
    return bool(iteration == round(10**power))


def in_kernel() -> bool:
    """Whether displayed objects are seen: in a notebook they are, in a terminal not."""
    return getattr(get_ipython(), "kernel", None) is not None

"""An explorer in the page, moved as a person moves it: by mouse, and by the keyboard alone."""

import ast
import contextlib
import time

from playwright.sync_api import TimeoutError

from tests.support.waiting import patient

# The pixels as the page shows them, not as they came over the wire.
PIXELS = """
const pixels = image => {
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  canvas.getContext("2d").drawImage(image, 0, 0);
  return canvas.toDataURL();
};
"""
# What widgets have asked the kernel and it has not answered, from the first call on.
LISTEN = """
() => {
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  if (window.asked?.kernel === kernel) return;
  const asked = window.asked = {kernel, open: new Set(), since: performance.now()};
  kernel.anyMessage.connect((_, {msg, direction}) => {
    if (direction === "send" && msg.header.msg_type === "comm_msg") {
      asked.open.add(msg.header.msg_id);
      asked.since = performance.now();
    } else if (msg.header.msg_type === "status" && msg.content.execution_state === "idle") {
      if (asked.open.delete(msg.parent_header.msg_id)) asked.since = performance.now();
    }
  });
}
"""
# Whether all of it is answered, and no new picture has come since for so many milliseconds.
QUIET = """
const quiet = (image, milliseconds) => {
  if (image.seen?.number !== image.dataset.number) {
    image.seen = {number: image.dataset.number, since: performance.now()};
  }
  const since = Math.max(image.seen.since, window.asked.since);
  return window.asked.open.size === 0 && performance.now() - since > milliseconds;
};
"""
SETTLED = f"([image, milliseconds]) => {{ {QUIET} return quiet(image, milliseconds); }}"
REMEMBER = f"""
image => {{
  {PIXELS}
  image.before = {{number: image.dataset.number, pixels: pixels(image)}};
  window.asked.since = performance.now();
}}
"""
# After an act: "another" picture, or "none", where all is quiet; until then nothing.
OUTCOME = f"""
([image, milliseconds, last]) => {{
  {PIXELS} {QUIET}
  const {{number, pixels: old}} = image.before;
  if (image.dataset.number !== number && image.complete && pixels(image) !== old) return "another";
  return !last && quiet(image, milliseconds) && "none";
}}
"""
QUIETLY = 150  # milliseconds: more than it takes to show a picture that has come
PICTURE = "img.saelab-picture"
# What a person moves, by the kind of control that ipywidgets makes.
KINDS = {
    "slider": ".noUi-handle",
    "choice": "select",
    "toggles": ".widget-toggle-buttons",
    "box": "input[type=checkbox]",
    "button": "button.widget-button:not(.widget-toggle-button)",
}


class NothingMoved(AssertionError):
    """A control was moved, and the picture is as it was."""


def explorers(notebook):
    """[(name, position of the cell)] of the calls of what was imported from saelab.widgets."""
    found, names = [], set()
    for position, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            continue
        tree = ast.parse(cell.source)
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == "saelab.widgets":
                names |= {alias.asname or alias.name for alias in node.names}
        for node in ast.walk(tree):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Name) and called.id in names:
                found.append((called.id, position))
    return found


class Shown:
    """An explorer below a cell. area: the cell's output, as Playwright locates it."""

    def __init__(self, area):
        self.area, self.page = area, area.page
        self.whole = area.locator(".saelab-explorer").first
        self.picture = area.locator(PICTURE).first

    def wait(self):
        """Wait for its first picture, and bring it into sight."""
        self.picture.wait_for()
        self.page.wait_for_function(
            "image => image.complete && image.naturalWidth > 0 && image.dataset.number > 0",
            arg=self.picture.element_handle(),
        )
        return self

    @property
    def alt(self):
        return self.picture.get_attribute("alt")

    def settle(self):
        """Wait until what was moved is answered and shown: a drag brings several pictures."""
        self.page.evaluate(LISTEN)
        self.page.wait_for_function(
            SETTLED, arg=[self.picture.element_handle(), QUIETLY], polling=20
        )

    def changes(self, acts, what, seconds=5):
        """Do one act after the other until the picture is another one.

        acts: functions. Where one has no effect, the next follows as soon as all is quiet; only the
        last is given the whole time. what: named where none helps. Returns the seconds to the new
        picture.
        """
        for left, act in zip(reversed(range(len(acts))), acts):
            self.settle()
            image = self.picture.element_handle()
            image.evaluate(REMEMBER)
            start = time.monotonic()
            act()
            with contextlib.suppress(TimeoutError):
                outcome = self.page.wait_for_function(
                    OUTCOME, arg=[image, QUIETLY, left == 0], polling=20,
                    timeout=1000 * patient(seconds),
                )  # fmt: skip
                if outcome.json_value() == "another":
                    return time.monotonic() - start
        raise NothingMoved(f"{what}: the picture with the text {self.alt!r} stays as it is")

    def another(self, seconds=5):
        """Wait for the next picture of what draws by itself, as a training does."""
        image = self.picture.element_handle()
        number = image.get_attribute("data-number")
        self.page.wait_for_function(
            "([image, number]) => image.dataset.number !== number && image.complete",
            arg=[image, number], timeout=1000 * patient(seconds),
        )  # fmt: skip

    def controls(self):
        """[(kind, element, its words)] of all that can be moved, from left to right."""
        found = []
        for kind, selector in KINDS.items():
            found += [
                (kind, element, words(element))
                for element in self.area.locator(selector).all()
                if element.is_visible() and element.is_enabled()
            ]
        return found

    def by_keyboard(self, kind, element, what):
        """Move a control by its keys."""
        press = self.page.keyboard.press

        def keys(*names):
            def act():
                for name in names:
                    press(name)

            return act

        if kind == "toggles":
            element = element.locator("button:not(.mod-active)").first
        element.focus()
        assert element.evaluate("e => e === document.activeElement"), f"{what} takes no focus"
        several = [keys("ArrowRight"), keys("ArrowLeft"), keys("ArrowLeft"), keys("PageUp"),
                   keys("PageDown"), keys("PageDown")]  # fmt: skip
        acts = {
            "slider": several,
            "choice": [keys("ArrowDown"), keys("ArrowUp"), keys("ArrowUp")],
            "toggles": [keys("Enter")],
            "box": [keys("Space")],
            "button": [keys("Enter")],
        }
        return self.changes(acts[kind], f"{what} by the keyboard")

    def by_mouse(self, kind, element, what):
        """Move a control by the mouse."""
        element.scroll_into_view_if_needed()

        def slide(fraction):
            def act():
                track = element.locator("xpath=ancestor::*[contains(@class,'noUi-target')]")
                box, handle = track.bounding_box(), element.bounding_box()
                mouse = self.page.mouse
                mouse.move(*middle(handle))
                mouse.down()
                mouse.move(box["x"] + fraction * box["width"], middle(handle)[1], steps=6)
                mouse.up()

            return act

        def choose():
            chosen = element.evaluate("e => e.selectedIndex")
            count = element.locator("option").count()
            element.click()
            self.page.keyboard.press("Escape")
            element.select_option(index=(chosen + 1) % count)

        other = "button:not(.mod-active)"
        acts = {
            "slider": [slide(0.7), slide(0.3), slide(0.9)],
            "choice": [choose, choose],
            "toggles": [lambda: element.locator(other).first.click()] * 2,  # noqa: PLW0108  # found anew
            "box": [element.click],
            "button": [element.click],
        }
        return self.changes(acts[kind], f"{what} by the mouse")

    @property
    def hint(self):
        """What pointing at the picture does; empty where it does nothing."""
        return self.picture.get_attribute("title")

    def point(self):
        """Click on the picture, and drag over it. Returns the seconds of each."""
        self.picture.scroll_into_view_if_needed()
        box = self.picture.bounding_box()
        mouse = self.page.mouse

        def at(x, y):
            return box["x"] + x * box["width"], box["y"] + y * box["height"]

        def drag(start, end):
            def act():
                mouse.move(*at(*start))
                mouse.down()
                mouse.move(*at(*end), steps=8)
                mouse.up()

            return act

        places = [(x, y) for y in (0.5, 0.35, 0.7) for x in (0.15, 0.4, 0.6, 0.85)]
        clicks = [lambda place=place: mouse.click(*at(*place)) for place in places]
        drags = [drag((0.1, 0.3), (0.25, 0.6)), drag((0.3, 0.3), (0.6, 0.7)),
                 drag((0.6, 0.3), (0.9, 0.6))]  # fmt: skip
        return self.changes(clicks, "a click on the picture"), self.changes(drags, "a drag")

    def step(self):
        """Move in the picture by its arrow keys. Returns the seconds."""
        self.picture.focus()
        assert self.picture.evaluate("e => e === document.activeElement"), "the picture: no focus"
        press = self.page.keyboard.press
        keys = ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "Shift+ArrowRight")
        return self.changes([lambda key=key: press(key) for key in keys], "the arrow keys")

    def unreached_by_tab(self):
        """What the Tab key does not come to, of controls and picture, from the first of them."""
        elements = [
            (name, element.locator("button").first if kind == "toggles" else element)
            for kind, element, name in self.controls()
        ]
        if self.hint:
            elements.append(("the picture", self.picture))
        missed = dict(elements[1:])
        elements[0][1].focus()
        for _ in range(10 * len(elements)):
            if not missed:
                break
            self.page.keyboard.press("Tab")
            for name, element in list(missed.items()):
                if element.evaluate("e => e === document.activeElement"):
                    del missed[name]
        return list(missed)


def words(element):
    """What a control is called: what a screen reader says of it."""
    return element.evaluate(
        """e => {
          const row = e.closest(".widget-inline-hbox, .widget-checkbox, .widget-dropdown") || e;
          return (row.innerText || e.getAttribute("aria-label") || e.title || "").trim();
        }"""
    ).split("\n")[0]


def middle(box):
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

"""What axe-core, a checker of accessibility, finds in a page that the browser shows."""

from autograder import CLONE

# Where `make test-browser` puts it.
SCRIPT = CLONE / "build" / "browser" / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = ("serious", "critical")

# The rules that are not ours to keep: (where, why). Everywhere else they hold.
EXEMPT = {
    "color-contrast": (
        ".jp-InputPrompt, .jp-OutputPrompt, .highlight *",
        "nbconvert's own colours of the numbers beside cells and of the code in them",
    ),
}
RUN = """
async (element, exempt) => {
  const {violations, passes} = await axe.run(element);
  const ours = (id, node) =>
    !(id in exempt && document.querySelector(node.target.at(-1))?.closest(exempt[id]));
  return {tried: passes.length, found: violations.map(({id, impact, nodes}) => ({
    id, impact, places: nodes.filter(node => ours(id, node)).map(node => node.html.slice(0, 200)),
  }))};
}
"""


def missing():
    """Why there is no axe-core, or None."""
    if not SCRIPT.exists():
        return "needs the npm package axe-core: install npm, and run `make test-browser`"
    return None


def serious_findings(element):
    """{rule: the places} of what is of serious or critical impact in an element of a page."""
    element.page.add_script_tag(path=SCRIPT)
    exempt = {rule: where for rule, (where, _) in EXEMPT.items()}
    answer = element.evaluate(RUN, exempt)
    assert answer["tried"], "axe-core tried no rule here"
    return {
        finding["id"]: finding["places"]
        for finding in answer["found"]
        if finding["impact"] in SERIOUS and finding["places"]
    }

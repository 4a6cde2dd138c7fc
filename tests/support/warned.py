"""What a test has warned of itself."""

import warnings
from collections.abc import Iterable


def warned(recorded: Iterable[warnings.WarningMessage]) -> list[str]:
    """The warnings that pytest's recwarn holds, as texts.

    Those of what an earlier test has left open come whenever Python clears up, and are left out.
    """
    return [str(w.message) for w in recorded if not issubclass(w.category, ResourceWarning)]

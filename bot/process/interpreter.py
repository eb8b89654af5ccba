"""What the interpreter is told once all is loaded, so that answers do not wait for its housekeeping.

Measured by `benchmarks.load --only presses` (200 presses a second): without it the slowest hundredth of the
answers takes half as long again.
"""

from __future__ import annotations

import gc
import sys

# Objects that come to stay before the collector looks at them; one press makes some thousands.
_YOUNG = 20_000
# After so long a thread of the database's gives way to the loop, instead of five times that.
_TURN_SECONDS = 0.001


def settle_down() -> None:
    """Never look for garbage in what was loaded by now, which stays, and less often in what comes."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 20, 50)
    sys.setswitchinterval(_TURN_SECONDS)

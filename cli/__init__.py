"""The `dondoc` command. Thin: every verb calls a task or a flow, and prints what it gives back.

With `--json` exactly one JSON document goes to standard output; logs and errors go to standard error.
Exit 0 done, 1 refused or invalid, 2 wrong usage.
"""

import gc


def main() -> None:
    """The `dondoc` command."""
    # Imports make no garbage, and looking for it meanwhile costs a tenth of the time that `dondoc status` may take.
    gc.disable()
    from cli.application import run

    gc.enable()
    run()

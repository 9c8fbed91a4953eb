"""What a look at a channel's configuration found: one line for people."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `what` says how it stands, `mend` what to do where it is not well; Vietnamese."""

    ok: bool
    what: str
    mend: str = ""

"""Numbers as Zalo writes them."""


def as_int(value: object) -> int | None:
    """Zalo writes numbers as numbers or as text; None for anything else."""
    try:
        return int(value) if isinstance(value, int | str) else None
    except ValueError:
        return None

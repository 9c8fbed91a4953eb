"""The parts of tools/build_units.py. Standard library only; run by hand, never imported by the engine."""

"""`python -m cli` is `dondoc`."""

from cli import main

main()

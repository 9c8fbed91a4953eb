"""What a form of term is: an example to offer, the pattern of its words, and what the words build."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from schedules.lexer import Line
from schedules.term import Term

Found = re.Match[str]


@dataclass(frozen=True)
class Form:
    """A form of term.

    Attributes:
        example: an accepted phrase, offered where another is refused.
        keys: words of which the form has at least one; they rule out most phrases at once.
        words: matches the shapes of a `Line`, as a regular expression. A group `mid` holds words that were passed over.
        build: the term; raises ValueError, in Vietnamese, where the words contradict themselves.
        bare: no word of its own opens it, so it must stand where a term can begin.
    """

    example: str
    keys: frozenset[str]
    words: str
    build: Callable[[Found, Line], Term]
    bare: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The expression between whole words; compiled when a phrase first needs it, for most runs read few forms."""
        return re.compile(rf"(?<!\S)(?:{self.words})(?!\S)")


def form(example: str, keys: str, pattern: str, build: Callable[[Found, Line], Term], bare: bool = False) -> Form:
    """A form whose pattern begins and ends with whole words; its keys stand with spaces between them."""
    return Form(example, frozenset(keys.split()), pattern, build, bare)


LATEST = r"(?:chậm|muộn|trễ) nhất(?: là)?"
MID = r"(?P<mid>(?: \S+)*?)"

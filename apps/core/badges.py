"""How a state looks: one value for its colour, its shape and its word."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Badge:
    """A state as shown on a page; never a colour without a word and a shape.

    `cls` is one of the state classes of components.css ("is-late"), `mark` the id of
    a symbol in sprite.svg ("m-late"), `word` the Chinese word on screen.
    """

    cls: str
    mark: str
    word: str

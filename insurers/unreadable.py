"""Why something typed cannot be read, where a person can be told more than the shape that is expected."""

from insurers.text import Text


class Unreadable(ValueError):
    """What was typed has the right shape and cannot be true; says why, and never repeats it."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message

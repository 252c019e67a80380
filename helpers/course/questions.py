"""What a lesson asks in the quiz of its part."""

from typing import NamedTuple


class Choice(NamedTuple):
    """One answer to a question.

    Attributes
    ----------
    text, why : str
        The answer, and what is said to whoever chooses it. Code is between backticks.
    right : bool
    """

    text: str
    why: str
    right: bool = False


class Question(NamedTuple):
    """A question with one right choice.

    Attributes
    ----------
    ask : str
        Code is between backticks.
    choices : tuple of Choice
    code : str
        Lines shown below it, if any; they may be indented as the module is.
    """

    ask: str
    choices: tuple[Choice, ...]
    code: str = ""

    @property
    def fault(self) -> str:
        """What is missing, "" for nothing."""
        if not (self.ask and self.choices):
            return f"{'choices' if self.ask else 'ask'!r} is missing"
        for place, choice in enumerate(self.choices, start=1):
            if not (choice.text and choice.why):
                return f"choice {place} needs both 'text' and 'why'"
        right = sum(choice.right for choice in self.choices)
        return "" if right == 1 else f"{right} choices are right, expected exactly one"

"""What can go wrong on purpose: each error is a sentence for the person who caused it."""


class TrackerError(Exception):
    """A refusal with a sentence in the user's language: what is wrong and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Changed(TrackerError):
    """Somebody else changed the thing in between; nothing was written."""


class Refused(TrackerError):
    """The thing is not in a state that allows this."""


class ConfigError(TrackerError):
    """An environment variable is unknown, missing or malformed."""

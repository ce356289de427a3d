"""Days the way people here write them: 04/05/2022, whatever the language."""

from datetime import date


def dmy(day: date) -> str:
    """Return the day as day/month/year."""
    return f"{day:%d/%m/%Y}"


def dmy_of(iso: object) -> str:
    """Return a day as the facts of an event hold it ("2022-05-04") as day/month/year."""
    return "/".join(reversed(str(iso or "").split("-")))

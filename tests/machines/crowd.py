"""A crowd to remind: agencies with people of their own mail domain, and tasks that are due for all of them on one day."""

from datetime import date

from sqlalchemy.orm import Session

from tests.jobs.world import World

DAY = date(2022, 5, 5)
"""Thursday: every task of the crowd is due."""
Told = tuple[int, date, str, int]
"""A reminder: assignment, last day, step, person."""


def crowd(session: Session, agencies: int, people: int, tasks: int, world: World | None = None) -> World:
    """Make agencies (in a world that is there: more of them) with so many people and so many tasks each.

    Every person is to be told of every task of the agency.
    """
    world = world or World(session)
    for _ in range(agencies):
        number = world.number
        agency = world.agency(f"so-{number}", f"Sở thứ {number}")
        for one in range(people):
            name = f"p{number}-{one}"
            world.person(name, agency, email=f"{name}@so{number}.tinh.gov.vn")
        for _ in range(tasks):
            world.task(agency, DAY)
    world.ready()
    return world

"""A world in which everything happens again the same way: its clock, its ids, its surroundings."""

import contextlib
import datetime
import random
import time
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import mlflow.models.model

SEED = 20261120
BEGINNING = "2026-10-12 08:50"


class Clock:
    """The time of day, which stands still until it is set."""

    def __init__(self, milliseconds: int) -> None:
        self.set(milliseconds)

    def set(self, milliseconds: int) -> None:
        """Move to a time given in milliseconds since 1970."""
        self._seconds = milliseconds / 1000

    def seconds(self) -> float:
        """The time in seconds since 1970, in place of `time.time`."""
        return self._seconds


def moment(text: str) -> int:
    """Milliseconds since 1970 of a UTC time such as "2026-11-03 09:12"."""
    time_of_day = datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)
    return int(time_of_day.timestamp() * 1000)


@contextlib.contextmanager
def repeatable_world(folder: Path) -> Iterator[Clock]:
    """Work in the folder, with a clock of our own and ids that come out the same every time."""
    clock = Clock(moment(BEGINNING))
    chance = random.Random(SEED)
    random.seed(SEED)  # MLflow chooses the names of nameless runs by it

    class ClockTime(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:
            return cls.fromtimestamp(clock.seconds(), tz)

    with (
        contextlib.chdir(folder),
        mock.patch.object(time, "time", clock.seconds),
        mock.patch.object(uuid, "uuid4", lambda: uuid.UUID(int=chance.getrandbits(128), version=4)),
        mock.patch.object(mlflow.models.model, "datetime", ClockTime),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        yield clock

"""Quiet hours: the part of a person's day in which nothing is sent that can wait."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, tzinfo


def after_quiet(at: datetime, start: time | None, end: time | None, zone: tzinfo) -> datetime:
    """`at`, or the end of the quiet hours it falls into; aware, in `zone`.

    Args:
        at: aware.
        start: when they begin, on the clock on the wall; None: there are none.
        end: when they end, usually on the next day.
        zone: where the person is.
    """
    wall = at.astimezone(zone)
    if start is None or end is None or not is_quiet(wall.time(), start, end):
        return wall
    ends_tomorrow = start > end and wall.time() >= start
    ends = datetime.combine(wall.date() + timedelta(days=ends_tomorrow), end, zone)
    return max(wall, ends.astimezone(UTC).astimezone(zone))


def is_quiet(clock: time, start: time, end: time) -> bool:
    """Whether a time of day lies in the quiet hours; their end does not."""
    return start <= clock < end if start <= end else clock >= start or clock < end

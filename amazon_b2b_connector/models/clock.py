"""Time until a deadline, as a person says it."""

from datetime import timedelta

MINUTE = timedelta(minutes=1)


def time_left(env, deadline, now):
    """``5 h 12 min left`` or ``late by 2 h 3 min``; both moments in UTC."""
    if deadline < now:
        return env._("late by %s", _span(env, now - deadline))
    return env._("%s left", _span(env, deadline - now))


def _span(env, span):
    hours, minutes = divmod(span // MINUTE, 60)
    days, hours_of_day = divmod(hours, 24)
    if days > 1:
        return env._("%(days)s d %(hours)s h", days=days, hours=hours_of_day)
    if hours:
        return env._("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)
    return env._("%s min", minutes)

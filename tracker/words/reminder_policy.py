"""The policy of reminders in plain words: line by line as it holds, and what a change of it changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from tracker.rules.climb import Level, Rung
from tracker.rules.ladder import LadderPolicy
from tracker.rules.reminder_policy import EMAIL, ZALO, Hours, Policy
from tracker.words.events import capital

LEVEL: dict[str, LazyString] = {
    Level.RESPONSIBLE.value: _l("người phụ trách"),
    Level.HEAD.value: _l("lãnh đạo cơ quan"),
    Level.MONITOR.value: _l("Văn phòng UBND tỉnh"),
    Level.LEADER.value: _l("lãnh đạo UBND tỉnh phụ trách"),
}
CHANNEL: dict[str, LazyString] = {
    EMAIL: _l("thư điện tử"),
    ZALO: _l("Zalo trước, không được thì thư điện tử"),
}


@dataclass(frozen=True)
class Line:
    """One line of the policy: what it is about, and what holds; `was` what held before, where that is told."""

    label: str
    said: str
    was: str | None = None


def described(policy: Policy, hours: bool = True) -> list[Line]:
    """Return the policy line by line; without the hours for a document, whose hours are the province's."""
    lines = [
        Line(_("Nhắc người phụ trách"), _ladder(policy.ladder)),
        Line(_("Khi quá hạn"), _overdue(policy.ladder)),
        Line(_("Báo lên cấp trên"), _climb(policy.climb)),
        Line(_("Chờ trước mỗi cấp"), _grace(policy.grace)),
        Line(_("Bấm “đã nhận, đang xử lý”"), _rest(policy)),
        Line(_("Công văn đôn đốc"), _("soạn dự thảo sau cấp cuối cùng") if policy.letter else _("không soạn")),
        Line(_("Nhắc gửi báo cáo"), _ladder(policy.reports)),
        Line(_("Khi chưa có báo cáo"), _overdue(policy.reports)),
        Line(_("Chưa có báo cáo, báo lên"), _climb(policy.reports_climb)),
        Line(_("Gửi bằng"), _channels(policy.channels)),
    ]
    return [*lines, Line(_("Giờ nhắc"), _hours(policy.hours))] if hours else lines


def changed(before: Policy, after: Policy, hours: bool = True) -> list[Line]:
    """Return the lines that differ, each with what held before."""
    pairs = zip(described(before, hours), described(after, hours), strict=True)
    return [Line(new.label, new.said, old.said) for old, new in pairs if old.said != new.said]


def level(code: str) -> str:
    """Return the name of a level as a heading begins: "Lãnh đạo cơ quan"."""
    return capital(str(LEVEL[code]))


def step(code: str) -> str:
    """Return the name of a step of the ladder: "trước 7 ngày làm việc", "đúng ngày hạn", "quá hạn, mốc thứ 2"."""
    kind, _dot, number = code.partition("_")
    if kind == "due":
        return _("đúng ngày hạn")
    return _("trước %(n)s ngày làm việc", n=number) if kind == "before" else _("quá hạn, mốc thứ %(n)s", n=number)


def _ladder(ladder: LadderPolicy) -> str:
    days = ", ".join(str(n) for n in sorted(ladder.before, reverse=True))
    before = _("trước %(days)s ngày làm việc", days=days) if days else ""
    on_the_day = _("đúng ngày hạn") if ladder.on_the_day else ""
    if before and on_the_day:
        return _("%(before)s và %(on_the_day)s", before=before, on_the_day=on_the_day)
    return before or on_the_day or _("không nhắc trước khi quá hạn")


def _overdue(ladder: LadderPolicy) -> str:
    if not ladder.overdue_every_days:
        return _("nhắc một lần, vào ngày làm việc đầu tiên sau hạn")
    return _("nhắc ngày làm việc đầu tiên sau hạn, rồi cứ %(n)s ngày một lần", n=ladder.overdue_every_days)


def _climb(rungs: Sequence[Rung]) -> str:
    told = [
        _("%(level)s từ lần nhắc quá hạn thứ %(n)s chưa được trả lời", level=LEVEL[rung.level], n=rung.after)
        for rung in rungs
    ]
    return "; ".join(told) or _("không báo lên cấp nào")


def _grace(days: int) -> str:
    return _("%(n)s ngày làm việc", n=days) if days else _("không chờ")


def _rest(policy: Policy) -> str:
    if not policy.rests:
        return _("được ghi lại, nhưng không hoãn việc báo lên cấp trên")
    return _(
        "hoãn báo lên cấp trên %(n)s ngày làm việc, nhiều nhất %(times)s lần cho một thời hạn",
        n=policy.rest, times=policy.rests,
    )  # fmt: skip


def _channels(channels: Mapping[Level, str]) -> str:
    if len(set(channels.values())) == 1:
        return _("%(channel)s cho mọi cấp", channel=CHANNEL[next(iter(channels.values()))])
    by_zalo = ", ".join(str(LEVEL[level]) for level, channel in channels.items() if channel == ZALO)
    return _("Zalo trước cho %(levels)s (không được thì thư điện tử); còn lại thư điện tử", levels=by_zalo)


def _hours(hours: Hours) -> str:
    return _(
        "lập lúc %(at)s, gửi từ %(begin)s đến %(end)s các ngày làm việc",
        at=f"{hours.digest_at:%H:%M}", begin=f"{hours.send_from:%H:%M}", end=f"{hours.send_until:%H:%M}",
    )  # fmt: skip

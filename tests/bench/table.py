"""The results as a person reads them: every figure beside its floor and its goal."""

from typing import Any

HEAD = (
    f"{'':<22}{'conn':>5}{'req/s':>9}{'p95 ms':>9}{'cpu ms':>9}{'of empty view':>15}{'of bare queries':>17}"
    f"{'goal':>7}{'of goal':>9}{'refused':>9}"
)


def of(results: dict[str, Any]) -> str:
    """Return the tables of all databases. Ratios are what to compare; rates depend on the machine and on what else runs."""
    load = " ".join(f"{value:.1f}" for value in results["load_before"])
    lines = [f"{results['tasks']:,} tasks; load average before: {load}"]
    for backend, found in results["backends"].items():
        lines += ["", backend, HEAD]
        lines += [_line("empty view", connections, one) for connections, one in found["empty_view"].items()]
        for name, page in found["pages"].items():
            lines += [_page_line(name, connections, page, found["empty_view"]) for connections in found["empty_view"]]
            lines.append(
                f"{'':<22}{page['statements']} statements; sent bare by one process: {page['bare_queries']:,.0f} times a second"
            )
        lines += _rest(found)
    return "\n".join(lines)


def _line(name: str, connections: str, one: dict[str, Any]) -> str:
    return f"{name:<22}{connections:>5}{one['per_second']:>9,.0f}{one['p95_ms']:>9.1f}{one['cpu_ms']:>9.2f}"


def _page_line(name: str, connections: str, page: dict[str, Any], empty: dict[str, Any]) -> str:
    one = page[connections]
    line = _line(name, connections, one)
    line += f"{one['per_second'] / empty[connections]['per_second']:>15.2f}{one['per_second'] / page['bare_queries']:>17.2f}"
    line += f"{page['goal']:>7}{one['per_second'] / page['goal']:>9.2f}" if connections == "8" else f"{'':>16}"
    return line + f"{one['refused'] + one['failed']:>9}"


def _rest(found: dict[str, Any]) -> list[str]:
    memory = found["mebibytes"]
    lines = [
        f"web processes: {memory['pss']:.0f} MiB (pss), {memory['rss']:.0f} MiB (rss, shared pages counted twice); goal 200"
    ]
    if reminders := found.get("reminders"):
        lines.append(
            f"reminder run: {reminders['examined']:,.0f} assignments examined, {reminders['examined_per_second']:,.0f}/s; "
            f"{reminders['reminders']:,.0f} reminders queued, {reminders['reminders_queued_per_second']:,.0f}/s; "
            f"{reminders['messages']:,.0f} messages sent, {reminders['messages_per_second']:,.0f}/s (goal 1,000)"
        )
    return lines

"""The few words at the toolbar's right end: what matters now, and how long it still lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from atshell.assist.situation import Situation
    from atshell.catalog.profile import Profile


def status(situation: Situation, profile: Profile, now: float) -> str:
    """A request that waits comes before a reboot that is needed, and that before the state; "" for nothing."""
    chinese = profile.language.startswith("zh")
    pending = [one for one in situation.pending if one.deadline > now]
    if pending:
        first = min(pending, key=lambda one: one.deadline)
        words = first.summary.in_language(profile.language)
        if len(pending) > 1:
            words += f" (另有 {len(pending) - 1} 个)" if chinese else f" (+{len(pending) - 1})"
        left = int(first.deadline - now) + 1
        return f"剩余 {left} 秒 · {words}" if chinese else f"{left} s left · {words}"
    if situation.reboot_needed:
        return "重启后生效" if chinese else "a reboot is needed"
    if situation.state is None:
        return ""
    words = f"{profile.model} {situation.state.in_language(profile.language)}".lstrip()
    if situation.until is None:
        return words
    if situation.until <= now:
        return f"{words} · 有效期已过" if chinese else f"{words} · lifetime over"
    left_words = clock(situation.until - now)
    return f"{words} 剩余 {left_words}" if chinese else f"{words} {left_words} left"


def counts_down(situation: Situation, now: float) -> bool:
    """True while a second changes what ``status`` says."""
    lasting = situation.until is not None and situation.until > now - 1
    return lasting or any(one.deadline > now - 1 for one in situation.pending)


def clock(seconds: float) -> str:
    """``2:41``, ``1:02:05``, ``3 d 4 h``"""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours >= 48:
        return f"{hours // 24} d {hours % 24} h"
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"

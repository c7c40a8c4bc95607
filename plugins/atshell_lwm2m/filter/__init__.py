"""A filter over decoded messages: ``op == "Notify" and target ~ "/3200/*" and rtt > 2``."""

from __future__ import annotations

from atshell_lwm2m.filter.parser import Condition, Predicate, compile_condition, compile_filter
from atshell_lwm2m.filter.tokens import FilterError

__all__ = ["Condition", "FilterError", "Predicate", "compile_condition", "compile_filter"]

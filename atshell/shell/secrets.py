"""Keys and passwords in what is shown: those that were typed, and those that a module prints."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from atshell.at.reply import Information, parse_information
from atshell.session.exchange import Exchange, Unsolicited
from atshell.session.redact import mask, remember, reveals
from atshell.transcript.redact import Mask

if TYPE_CHECKING:
    from atshell.catalog.lookup import Catalog
    from atshell.catalog.profile import Profile

Spoken = TypeVar("Spoken", Exchange, Unsolicited)


class Secrets:
    def __init__(self, catalog: Catalog, profile: Profile) -> None:
        self._catalog = catalog
        self._profile = profile
        self._mask = Mask()
        self._reveals = reveals(catalog, profile)

    def in_line(self, line: str) -> bool:
        """True when a command line carries a secret."""
        return mask(line, self._catalog, self._profile) != line

    def sent(self, line: str) -> None:
        """What this line carries is masked from now on."""
        remember(line, self._mask, self._catalog, self._profile)

    def masked(self, spoken: Spoken) -> Spoken:
        """An exchange or URC as it may be shown."""
        if isinstance(spoken, Unsolicited):
            return replace(spoken, information=self._information(spoken.information))
        line = mask(spoken.line, self._catalog, self._profile)
        return replace(spoken, line=line, lines=tuple(self._information(one) for one in spoken.lines))

    def _information(self, information: Information) -> Information:
        for secret in self._reveals.secrets(information.text):
            self._mask.add(secret)
        text = self._mask.text(information.text)
        return information if text == information.text else parse_information(text)

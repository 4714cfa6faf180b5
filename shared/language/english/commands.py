"""All English command forms: importing this module registers them, in the order in which equal readings are preferred."""

from __future__ import annotations

# isort: off
from shared.language.english import recordings as _recordings  # noqa: F401 - registers
from shared.language.english import finishing as _finishing, deleting as _deleting, moving as _moving  # noqa: F401 - registers
from shared.language.english import changing as _changing, listing as _listing, answering as _answering  # noqa: F401 - registers
from shared.language.english import settings as _settings, whereabouts as _whereabouts  # noqa: F401 - registers
from shared.language.english import history as _history  # noqa: F401 - registers
from shared.language.english import adds as _adds  # noqa: F401 - registers
# isort: on

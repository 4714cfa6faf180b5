"""The grammar of English, empty: the modules beside this one register their forms into it.

Every form: patterns, the meaning below them, and examples (text: result at Wednesday 25 November 2026, 10:00, New York).
`docs/language.md` tells how to add one.
"""

from __future__ import annotations

from typing import Final

from shared.language.grammar import Grammar

grammar: Final = Grammar()
form = grammar.form

"""How well the language understands people, beside the parsers one could pick instead: `python -m bench.language`.

`corpus` finds the public test sentences and their scorer, which are not part of the project. `installing` fetches the other
parsers into a place of their own. `peer` runs each side as a process that answers one JSON line with one JSON line; `rivals`
holds what those processes run. `answers` makes what a parser found into what a todo list needs, `measuring` asks and times all
sides, `report` writes the tables. `adapter` is our own side.
"""

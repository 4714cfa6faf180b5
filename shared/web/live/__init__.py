"""The live feed: what changes in a person's todos, to everything of theirs that looks at them. See `shared.web.live.feed`."""

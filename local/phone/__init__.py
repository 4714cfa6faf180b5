"""The phone: a stand-in for Twilio with a page to text from, for everyone who has no number yet, and for tests.

Read `carrier` first (what happens to a message), then `calls` (what happens to a call), `rest` and `rest_voice` (Twilio's API as we
use it), `page_api` (what the page asks) and `app` (how they are put together). `store` keeps the messages, `media` what is attached
and said, `posting` signs and posts, `sound` knows WAV, `faults` makes trouble for tests.
"""

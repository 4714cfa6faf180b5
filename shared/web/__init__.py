"""The HTTP API, sign-in, limits, the live feed and the board: what a program or a browser talks to."""

"""What the live feed costs: idle connections, changes on their way, and the calls that tell of them."""

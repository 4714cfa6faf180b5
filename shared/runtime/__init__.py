"""What runs the functions: serve, services, settings, clock, telemetry."""

"""What a text costs: the single box beside FastAPI, FastStream and RabbitMQ, in one run. See bench/README.md."""

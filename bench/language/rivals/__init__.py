"""What the processes of the comparison run: `serve` and `serve.js` answer, the rest are adapters. Only libraries beside Python's own."""

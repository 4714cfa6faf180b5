"""Events: their envelope, their data, their ids."""

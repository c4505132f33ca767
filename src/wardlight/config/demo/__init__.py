"""The demo borough: Larkmoor, which does not exist, with planted truths that the product has to find."""

"""What was done: canonical JSON, evidence packs, the chain of packs, signatures."""

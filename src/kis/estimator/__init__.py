"""The estimator: from a request to a checked, priced panel."""

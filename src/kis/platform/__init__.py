"""The room every context shares: errors, messages, settings. It knows nothing of panels."""

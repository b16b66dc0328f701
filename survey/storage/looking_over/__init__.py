"""Looking everything over: every response, reference, text and entry of the audit trail against what it must be."""

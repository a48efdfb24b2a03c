"""The command: one module a verb. Nothing else imports this package."""

"""What agencies' own systems are told: webhooks, calendars and files."""

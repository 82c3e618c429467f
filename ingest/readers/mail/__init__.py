"""Messages: as the Internet carries them (EML) and as Outlook keeps them (MSG)."""

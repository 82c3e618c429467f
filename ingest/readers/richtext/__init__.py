"""Rich Text (RTF), and how Outlook packs it."""

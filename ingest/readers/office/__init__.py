"""Microsoft Office: Word, PowerPoint and Excel, from the XML in their ZIP; and Excel from before 2007."""

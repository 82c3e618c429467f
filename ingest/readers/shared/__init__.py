"""What readers of several families build with: pieces and the text made of them, tables, titles, numbers."""

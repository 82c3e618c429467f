"""What is behind a copied link, and how is it cited and proved?"""

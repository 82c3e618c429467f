"""How do we compare with what people would otherwise take? Figures, never tests."""

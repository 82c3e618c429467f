"""Which passages say the same, nearly the same, or the contrary?"""

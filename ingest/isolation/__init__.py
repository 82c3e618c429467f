"""Reading in processes that may die of it: what they are told, what they answer, how they are held in."""

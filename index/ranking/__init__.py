"""How are passages scored? The formula, its arrays, and the reasons for a rank."""

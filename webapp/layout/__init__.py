"""How are documents and answers laid out for reading?"""

"""What is known of the library as a whole: its words, short forms and synonyms?"""

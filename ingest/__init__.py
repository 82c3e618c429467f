"""From bytes to the catalog: fetching, reading, splitting into passages."""

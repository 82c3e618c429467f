"""Documents from the web: addresses, the door out, robots.txt, politeness, sitemaps, sites."""

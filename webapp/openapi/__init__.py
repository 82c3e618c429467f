"""The JSON API described by itself: shapes of answers, parameters, and the document made of them."""

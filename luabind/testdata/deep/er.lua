return "deeper"

"""Teams: people that share models, limits and a budget."""

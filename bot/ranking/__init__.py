"""The recommender at work: the shelf in memory, the model and its files, how strong a pick must be."""

"""The steps from one schema to the next, applied by `storage.schema`. A released step is never changed."""

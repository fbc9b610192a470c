"""The roster (名册): organisations, people and posts in and out of Excel."""

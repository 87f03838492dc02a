"""The public read API: stories as JSON, to the OpenAPI description beside this file."""

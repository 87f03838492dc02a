"""The words of pages, letters and scripts in other languages than English."""

"""The people who sign in: staff only. Contributors and visitors have no account."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A member of staff. Ours from the first migration, because it is dear to change later."""

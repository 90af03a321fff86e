"""The sandbox shop on PostgreSQL, with a fuse; ``tests.soak.place`` says where everything is."""

from shop.settings import *
from tests.own_migrations import OnlyOurs

MIDDLEWARE = ["tests.soak.fuse.outermost", *MIDDLEWARE, "tests.soak.fuse.innermost"]
MIGRATION_MODULES = OnlyOurs()
# A slow hash protects passwords; here it would only take time from what is tested.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

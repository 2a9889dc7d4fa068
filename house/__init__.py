"""International House: one door to several authorities, to companies' onboarding days and to social life.

`create_app()` builds the whole house; `house.app` lists what is in it. Importing this package loads nothing
else, so that the pure rooms can be read and tried without Flask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from house.config import Config


def create_app(config: Config | None = None) -> Flask:
    """The whole house, ready to serve; configuration comes from the environment unless given."""
    from house.app import build

    return build(config)

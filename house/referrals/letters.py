"""Letters of this wing."""

from house.post import Render

LETTERS: dict[str, Render] = {}

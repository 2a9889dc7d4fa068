"""Finding what somebody means by a few words, however spelt: an index of sayings, and the best of them.

Pure: sayings come in as text, each with what it speaks of and how much it says about that (a name more than
a line of small print). Words count by how few things they speak of; a word as it stands counts before its
beginning, that before another ending, and that before a slip of the pen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from itertools import pairwise
from math import log
from typing import NamedTuple

from house.catalogue.alike import Alike
from house.catalogue.searching import in_latin, slips_between, words_of

SHORTEST_BEGINNING, SHORTEST_STEM, SHORTEST_SLIP, TWO_SLIPS = 3, 4, 4, 9
"""Letters a word needs to be found by its beginning, by all but its end, with one slip, with two."""
SURE = 0.8
"""From here on a word is known well enough, and no slip is looked for."""
MOST_SIGNS, MOST_WORDS = 400, 16
"""Signs and words of a question beyond which nobody reads on."""
WHOLE = 4.0
"""What a saying counts beside its words, when it says just what was asked."""
MOST_HITS, WEAKEST = 8, 0.35
"""How many results are shown, and the part of the best one's score below which a result is noise."""
ALIKE = 0.5
"""The part of its letters that a name must share with a question to be suggested where nothing was found."""


class Saying(NamedTuple):
    """A text, what it speaks of, and how much it says about that, from 0 to 1."""

    of: str
    text: str
    weight: float


class Hit(NamedTuple):
    """Something found, and how well."""

    of: str
    score: float


class Question:
    """What somebody asked, as an index reads it: each word, and which words here may be meant by it."""

    def __init__(self, index: Index, words: Sequence[str]) -> None:
        self.words = words
        self._index = index

    @cached_property
    def meant(self) -> list[dict[str, float]]:
        """For each word those that may be meant, and how surely, up to 1."""
        return [self._meant(word) for word in self.words]

    def alike(self, word: str) -> list[tuple[str, float]]:
        """The words that share most letters in a row with one of the question, and which part of them."""
        found = self._alike.get(word)
        if found is None:
            found = self._alike[word] = self._index.alike.to(word)
        return found

    @cached_property
    def _alike(self) -> dict[str, list[tuple[str, float]]]:
        return {}

    def _meant(self, word: str) -> dict[str, float]:
        meant: dict[str, float] = {}
        for written in dict.fromkeys((word, in_latin(word))):  # a Latin name, typed on a Cyrillic keyboard
            for other in self._index.begun.get(written[:SHORTEST_BEGINNING], ()):
                how = _same_beginning(written, other)
                if how > meant.get(other, 0):
                    meant[other] = how
        if max(meant.values(), default=0) < SURE and len(word) >= SHORTEST_SLIP:
            for other, _share in self.alike(word):
                how = _slip(word, other)
                if how > meant.get(other, 0):
                    meant[other] = how
        return meant


class Index:
    """Sayings, ready to be asked."""

    def __init__(self, sayings: Iterable[Saying], little: Collection[str] = ()) -> None:
        self.little = frozenset(word for line in little for word in words_of(line))
        self.of: list[str] = []
        self.weight: list[float] = []
        self.spoken: list[list[str]] = []
        self.where: dict[str, list[int]] = defaultdict(list)
        seen = set()
        for saying in sayings:
            spoken = self._telling(words_of(saying.text))
            key = (saying.of, *spoken)
            if spoken and key not in seen:
                seen.add(key)
                self._note(saying, spoken)
        self.worth = {word: self._worth(places) for word, places in self.where.items()}
        self.mass = [sum(self.worth[word] for word in set(spoken)) for spoken in self.spoken]
        self.begun, self.alike = self._beginnings(), Alike(self.where)

    def _note(self, saying: Saying, spoken: list[str]) -> None:
        number = len(self.of)
        self.of.append(saying.of)
        self.weight.append(saying.weight)
        self.spoken.append(spoken)
        joined = ("".join(pair) for pair in pairwise(spoken))
        for word in {*spoken, *joined, *map(in_latin, spoken)}:
            self.where[word].append(number)

    def _telling(self, words: list[str]) -> list[str]:
        """The words that say something; all of them where none does."""
        return [word for word in words if word not in self.little] or words

    def _worth(self, places: list[int]) -> float:
        """How much a word tells: the fewer things it speaks of, the more."""
        best: dict[str, float] = {}
        for number in places:
            best[self.of[number]] = max(best.get(self.of[number], 0), self.weight[number])
        return log(1 + 24 / max(1.0, sum(best.values())))

    def _beginnings(self) -> dict[str, list[str]]:
        found = defaultdict(list)
        for word in self.where:
            found[word[:SHORTEST_BEGINNING]].append(word)
        return found

    # --- asking ---------------------------------------------------------------------------------------------

    def read(self, question: str) -> Question:
        """A question read once, to be asked in several ways."""
        return Question(self, self._asked(question))

    def find(self, question: Question) -> list[Hit]:
        """What the words probably mean, best first; nothing when none of them is known."""
        scores = self._of_words(question.meant)
        for of, likeness in self._of_sayings(question.meant).items():
            scores[of] += WHOLE * likeness
        return [Hit(of, score) for of, score in sorted(scores.items(), key=lambda one: -one[1])]

    @staticmethod
    def worth_showing(hits: Sequence[Hit]) -> list[Hit]:
        """The best of these, as long as they are not noise beside the first."""
        return [hit for hit in hits[:MOST_HITS] if hit.score >= WEAKEST * hits[0].score]

    def knows(self, question: Question) -> bool:
        """Whether every word of the question is there as it stands, or begins or ends otherwise."""
        return all(any(how > 0.7 for how in meant.values()) for meant in question.meant)

    def near(self, question: Question, most: int = 3) -> list[str]:
        """What has names that look a little like the question: for those who found nothing."""
        best: dict[str, float] = {}
        for word in question.words:
            for other, alike in question.alike(word):
                for number in self.where[other] if alike >= ALIKE else ():
                    best[self.of[number]] = max(best.get(self.of[number], 0), alike * self.weight[number])
        return sorted(best, key=lambda of: -best[of])[:most]

    def _asked(self, question: str) -> list[str]:
        """The words of a question that say something; two that are one word here are joined: `mit id`."""
        words = [word for word in words_of(question[:MOST_SIGNS]) if word not in self.little][:MOST_WORDS]
        for at, pair in reversed([*enumerate(pairwise(words))]):
            if "".join(pair) in self.where and not all(word in self.where for word in pair):
                words[at : at + 2] = ["".join(pair)]
        return words

    def _of_words(self, meant: list[dict[str, float]]) -> dict[str, float]:
        """For each thing the sum, over the words asked, of the best word that speaks of it."""
        scores: dict[str, float] = defaultdict(float)
        for words in meant:
            best: dict[str, float] = {}
            for word, how in words.items():
                telling = how * self.worth[word]
                for number in self.where[word]:
                    of, counts = self.of[number], telling * self.weight[number]
                    if counts > best.get(of, 0):
                        best[of] = counts
            for of, counts in best.items():
                scores[of] += counts
        return scores

    def _of_sayings(self, meant: list[dict[str, float]]) -> dict[str, float]:
        """For each thing the saying that is most like the whole question, from 0 to 1."""
        said: dict[int, float] = defaultdict(float)
        asked = 0.0
        for words in meant:
            asked += max((self.worth[word] for word in words), default=WHOLE / 2)
            best: dict[int, float] = {}
            for word, how in words.items():
                telling = how * self.worth[word]
                for number in self.where[word]:
                    if telling > best.get(number, 0):
                        best[number] = telling
            for number, telling in best.items():
                said[number] += telling
        likest: dict[str, float] = {}
        for number, common in said.items():
            common = min(common, self.mass[number], asked)
            like = self.weight[number] * common / (asked + self.mass[number] - common)
            if like > likest.get(self.of[number], 0):
                likest[self.of[number]] = like
        return likest


def _same_beginning(word: str, other: str) -> float:
    """How surely two words are the same but for their ends, 0 when not."""
    if word == other:
        return 1.0
    if word.isdigit():
        return 0.0
    short, long = sorted((word, other), key=len)
    if long.startswith(short):
        if len(short) < (SHORTEST_BEGINNING if short == word else SHORTEST_STEM):
            return 0.0
        part = len(short) / len(long)
        return 0.55 + 0.4 * part if short == word else 0.35 + 0.6 * part
    common = next(at for at, (one, two) in enumerate(zip(word, other, strict=False)) if one != two)
    if common < SHORTEST_STEM or common < 0.6 * len(long):
        return 0.0
    return 0.45 + 0.35 * common / len(long)


def _slip(word: str, other: str) -> float:
    """How surely one word is the other, misspelt or as part of a longer one; 0 when not."""
    short, long = (word, other) if len(word) <= len(other) else (other, word)
    if len(short) < SHORTEST_SLIP:
        return 0.0
    most = 1 if len(long) < TWO_SLIPS else 2
    if len(long) - len(short) <= most and (slips := slips_between(word, other, most)) <= most:
        return 0.84 - 0.12 * max(slips, 1)
    return 0.35 + 0.3 * len(short) / len(long) if len(short) > 4 and short in long else 0.0

"""Where the implementations that the checker was not taught register themselves."""

from tests.mistakes._corpus import Corpus

UNSEEN = Corpus()
wrong, right = UNSEEN.add_wrong, UNSEEN.add_right

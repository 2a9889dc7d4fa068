"""The rules of the house, each a function that reads the code and yields a sentence for every breach.

A breach reads `file:line: what is wrong; what to do`. Rules get a `House`, so that a planted fault can be
given to them in a temporary folder: a rule that cannot go red is no rule.
"""

"""The rules' expression language: a checked and typed subset of Python's expressions.

A rule reads the exchange and calls the functions of the vocabulary; nothing else is in reach. A condition goes through
five rooms: `check` parses it, refuses what is not part of the language and gives each part one of the `types`;
`reliance` finds out what the rule relies on: fields whose absence it takes as proof, and fields without which it cannot
fire; `reads` finds out all that it looks at; `code` writes the source of one Python function, which is compiled only
when a plan first wants it; `conditions` leads through them, and brings back the analysis. Two more are for people:
`foreign` knows what is written in other languages, and what to write instead; `values` tells what values offer.

Optional values: where an ordering, an arithmetic or an attribute meets a part that may be missing, the missing part
makes the rule not applicable; `is None` asks for it.

What has to stay true, since rule files are a stranger's and their conditions are compiled:

* What is not listed is refused: nodes of the syntax, roots, attributes by type, functions. Nothing is listed that
  reaches further than exchanges, and no name of a rule becomes a name of the code unchecked.
* What a rule relies on is inferred from what it reads. A new attribute or function says what it needs, and a new kind
  of node what becomes of absence and of guards below it: a need too few is a false alarm, a guard too many a rule that
  never runs. What it reads, an attribute says by its name, and a function declares: an item too few, and the verdict on
  one exchange is taken for that on another.
* NotApplicable and NotEvaluated end the whole condition where they are met: what stands first in `and` and `or` decides
  whether the rest is asked.
* Expressions, numbers, messages and findings are bounded.
"""

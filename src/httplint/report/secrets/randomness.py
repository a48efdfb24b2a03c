"""The measure of randomness: whether a token looks as if a machine had drawn it, or as a name does that people gave.

Random text changes between small letters, capitals and digits far more often than names, and has pairs of letters that
words seldom have.
"""
from __future__ import annotations

import re
from itertools import pairwise

from httplint.model.pattern import lazily

LEAST = 16
"""Characters of a token that is taken for a secret because it looks random."""
WORD = re.compile(r"[A-Z]?[a-z]++|[A-Z]++(?![a-z])|[A-Z]|[0-9]++")
"""The words that a name in camel case is made of."""
DIGIT = lazily(r"[0-9]")
HEX = lazily(r"[0-9a-f]+|[0-9A-F]+")
UUID = lazily(r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}")
_COMMON = (
    "th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri "
    "ro ic ne ea ra ce li ch ll be ma si om ur ca el ta la ns di fo ho pe ec pr no ct us ac ot il tr ly nc et ut "
    "ss so rs un lo wa ge ie wh ee wi em ad ol rt po we na ul ni ts mo ow pa im mi ai sh ir su id os iv ia am fi "
    "ci vi pl ig tu ev ld ry mp fe bl ab gh ty op wo sa ay ex ke fr oo av ag if ap gr od bo sp rd do uc bu ei ov "
    "by rm ep tt oc fa ef cu rn sc gi da yo cr cl du ga qu ue ff ba ey ls va um pp ua up lu go ht ru ug ds lt pi "
    "rc rr eg au ck ew mu br bi pt ak pu ui rg ib tl ny ki rk ys ob mm fu ph og ms ye ud mb ip ub oi rl gu dr hr "
    "cc tw ft wn nu af hu nn eo vo rv nf xp gn sm fl iz ok nl my gl aw ju oa eq sy sl ps jo lf nv je nk kn gs dy "
    "hy ze ks xt bs ik dd yp lm lp wr tp xm ml")
PAIRS = frozenset(_COMMON.split())
"""Letters that often stand side by side in words: two fifths of all pairs, nineteen of twenty in text."""
LETTERS = lazily(r"[a-z]{2,}")
MEASURED = 64
"""Characters of a token that are measured."""
SUNDERED = lazily(r"[^0-9A-Za-z]+")


def is_dense(run: str, least: int, limit: float) -> bool:
    """Whether digits, small and capital letters alternate as they do in random base62 or base64url only.

    Words of random text are 1.8 characters long on average, those of names 3 and more.
    """
    size = len(run)
    return size >= least and run.upper() != run and run.lower() != run and size <= len(WORD.findall(run)) * limit


def disorder(run: str) -> float:
    """How much a token looks random: about 1.1 for random base62, up to 0.5 for names.

    The share of changes between small letters, capitals and digits, and that of pairs of letters that words seldom
    have.
    """
    letters = LETTERS.findall(run.lower())
    pairs = sum(map(len, letters)) - len(letters)
    rare = sum(pair not in PAIRS for word in letters for pair in map("".join, pairwise(word)))
    return len(WORD.findall(run)) / len(run) + (rare / pairs if pairs else 0.5)


def is_random(run: str, hexadecimal: bool) -> bool:
    """Whether a token of at least LEAST characters looks random. `hexadecimal`: whether a long hash does, too."""
    if len(run) < LEAST or run.isdigit() or UUID.fullmatch(run) or len(set(run[:MEASURED])) < 8:
        return False
    if HEX.fullmatch(run):
        return hexadecimal and len(run) >= 32
    run = run[:MEASURED]
    if run.upper() != run and run.lower() != run:
        return disorder(run) >= 0.62
    return DIGIT.search(run) is not None and len(WORD.findall(run)) >= 5 and disorder(run) >= 0.75


def is_credential(text: str) -> bool:
    return DIGIT.search(text) is not None or disorder(text[:MEASURED]) >= 0.62 or len(text) >= 24

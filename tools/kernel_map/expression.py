"""Conditions as alternatives of conjunctions: a frozenset of frozensets of words.

A word is an option ("NF_TABLES"), one that must be off ("!SMP"), one that must be built in ("IPV6=y"), a machine ("@mips"),
or UNSURE: something that was not understood.
"""
UNSURE = "?"
NEVER = frozenset()
ALWAYS = frozenset({frozenset()})
DOUBT = frozenset({frozenset({UNSURE})})
TERMS_MAX = 12


def option(*words):
    return frozenset({frozenset(words)})


def absorb(terms):
    """Drops an alternative that asks for all that another asks for, and more."""
    return frozenset(one for one in terms if not any(other < one for other in terms))


def narrow(terms):
    """Of too many alternatives: what all of them ask for, and a doubt."""
    if len(terms) <= TERMS_MAX:
        return terms
    return frozenset({frozenset.intersection(*terms) | {UNSURE}})


def either(*expressions):
    return narrow(absorb(frozenset().union(*expressions)))


def both(first, second):
    return narrow(absorb(frozenset(a | b for a in first for b in second)))


def all_of(expressions):
    result = ALWAYS
    for expression in expressions:
        result = both(result, expression)
    return result


def negation(expression):
    """Of a single word; else a doubt."""
    if len(expression) == 1:
        term = next(iter(expression))
        if len(term) == 1:
            word = next(iter(term))
            if word.startswith("!"):
                return option(word[1:])
            if word != UNSURE:
                return option("!" + word)
    return DOUBT


def settle(expression, tristate):
    """Takes "X=y" as X, and "!X=y" as !X, where X cannot be a module; else as that and a doubt."""
    terms = set()
    for term in expression:
        words = set()
        for word in term:
            name = word.lstrip("!").removesuffix("=y")
            if word.startswith("!") and name in tristate:  # on as a module, it is built as well
                words.add(UNSURE)
                continue
            words.add(word.removesuffix("=y"))
            if word.endswith("=y") and name in tristate:
                words.add(UNSURE)
        terms.add(frozenset(words))
    return narrow(absorb(frozenset(terms)))


def text(expression):
    """"A&B|C": '-' where it is always built."""
    if expression == ALWAYS:
        return "-"
    return "|".join(sorted("&".join(sorted(term)) or "-" for term in expression))

"""Whether two CSV files say the same, by cell: as text, or as numbers to 12 digits (14, 14.0)."""


def number(text):
    try:
        return f"{float(text):.11e}"
    except ValueError:
        return None


def same_cell(a, b):
    return a == b or (number(a) is not None and number(a) == number(b))


def first_difference(ours, theirs):
    """The first line that differs, by number, and both; or None. No cell here holds a comma."""
    count = 0
    with open(ours) as one, open(theirs) as other:
        for count, (a, b) in enumerate(zip(one, other), 1):
            if a == b:
                continue
            left, right = a.rstrip("\n").split(","), b.rstrip("\n").split(",")
            if len(left) != len(right) or not all(map(same_cell, left, right)):
                return count, a, b
        if one.readline() or other.readline():
            return count + 1, "one file ends", "here"
    return None

"""What completes a list, by what its items are: see `writing`."""

# Items that are pure leaves: where one is odd, all of them are completed again, for nothing was asked of anybody.
LEAVES = """\
def {name}(items, at, run):
    if type(items) not in LISTS: return unlisted(items, {missing})
    try:
        return [{done} for x in items]
    except Exception:
        raise Odd(items) from None"""

MOVING = """\
def {name}(items, at, run):
    if type(items) not in LISTS: return unlisted(items, {missing})
    out = []
    here = (at, out, None)
    try:
        for x in items:
            out.append({function}(x, here, run))
        return out
    except Exception:
        return mend_list({listing}, items, at, run, out, None)"""

PLACED = """\
def {name}(items, at, run):
    if type(items) not in LISTS: return unlisted(items, {missing})
    out = []
    try:
        for x in items:
            out.append({done})
        return out
    except Exception:
        return mend_list({listing}, items, at, run, out, None)"""

OPEN = """\
def {name}(items, at, run):
    if type(items) not in LISTS: return unlisted(items, {missing})
    out, aw = [], []
    try:
        for x in items:
            out.append(c if type(c := {done}) is {kind} else waiting_item(c, {listing}, at, run, out, aw))
        return joined_list(out, aw) if aw else out
    except Exception:
        return mend_list({listing}, items, at, run, out, aw)"""

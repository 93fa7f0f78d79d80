"""decisions.py - what people decided (DESIGN.md): the newest decision in force of a person and a field."""


def in_force(world, row):
    return row['expires_on'] is None or row['expires_on'] >= world.as_of


def newest(world, prefix, usable):
    """{(person, field): row} of the newest usable decision in force whose field begins so (or is it, without a point)."""
    found = {}
    for row in sorted(world.feeds.rows('decision'), key=lambda row: row['decided_on']):
        mine = row['field'].startswith(prefix) if prefix.endswith('.') else row['field'] == prefix
        if mine and in_force(world, row) and usable(row):
            found[row['employee_id'], row['field']] = row
    return found


def told(row):
    return f"{row['value']} · {row['decided_by']} · {row['decided_on']} · {row['reason']}"

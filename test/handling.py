#!/usr/bin/env python3
"""Writes random conversations as two exports, and says who handled what.

    handling.py write COUNT SEED EARLY LATE    an export while the conversations go on, and one of what they came to
    handling.py expect AS_OF EXPORT...         what ttr's views must have at the epoch AS_OF; the later of two records of one conversation counts

Between two instants at which something happens nothing changes: for each such span it looks back for the last part that set the state and the
last one that assigned, and adds up the seconds. doc/handling.md has what is counted. Each line of the answer is the name of a view and a row.
"""
import json
import random
import sys
from collections import defaultdict
from statistics import fmean, median

BASE = 1746057600  # 2025-05-01
TEAMMATES = ['1', '2', '3']
TEAMS = ['70', '80']
AUTHORS = {'teammate': 'admin', 'bot': 'bot', 'user': 'user'}
EFFECTS = {'close': 'closed', 'open': 'open', 'snoozed': 'snoozed', 'unsnoozed': 'open', 'timer_unsnooze': 'open', 'assign_and_reopen': 'open'}


# Writing

def random_assignment(part):
    """To a teammate, a team, nobody or a bot; now and then to a teammate and a team at once."""
    kind = random.choice(['admin'] * 5 + ['team'] * 2 + ['nobody_admin', 'bot', 'both'])
    if kind == 'both':
        part.update(admin_assignee_id=random.choice(TEAMMATES), team_assignee_id=random.choice(TEAMS))
    else:
        who = {'admin': random.choice(TEAMMATES), 'team': random.choice(TEAMS), 'nobody_admin': '0', 'bot': '900'}[kind]
        part['assigned_to'] = {'type': kind, 'id': who}


def random_part(number, at):
    kind = random.choice(['assignment'] * 4 + ['comment'] * 6 + ['close'] * 3 + ['open', 'snoozed', 'unsnoozed', 'timer_unsnooze',
                                                                                'assign_and_reopen', 'note'])
    author = random.choice(['teammate'] * 5 + ['bot'] + ['user'] * (3 if kind in ('comment', 'open', 'close') else 0))
    part = {'id': str(number), 'part_type': kind, 'created_at': at, 'assigned_to': None,
            'body': '<p>text</p>' if kind == 'comment' or random.random() < 0.2 else None,
            'author': {'type': random.choice(['user', 'lead', 'contact']) if author == 'user' else AUTHORS[author], 'id': '5'}}
    if author == 'teammate':
        part['author']['id'] = random.choice(TEAMMATES * 4 + [None])
    elif kind == 'close' and random.random() < 0.1:
        del part['author']
    if kind in ('assignment', 'assign_and_reopen') or random.random() < 0.05:
        random_assignment(part)
    return part


def random_conversation(number):
    """Few different seconds, so that parts share them; some before the customer first wrote, as in a campaign."""
    start = BASE + random.randrange(4) * 86400 + random.randrange(40000)
    seconds = [start + random.randrange(20000) for _ in range(random.randint(1, 8))]
    if random.random() < 0.15:
        seconds += [start - random.randrange(1000), start]
    times = sorted(random.choice(seconds) for _ in range(random.randint(0, 12)))
    parts = [random_part(random.choice([7, 97]) + i if i == 0 else 100 + i, at) for i, at in enumerate(times)]
    if random.random() < 0.2:
        for part in parts:
            part.pop('admin_assignee_id', None)
            part['assigned_to'] = random.choice([None, {'type': 'team', 'id': random.choice(TEAMS)}])
    return {'type': 'conversation', 'id': str(number), 'created_at': start, 'first_contact_reply': {'created_at': start},
            'admin_assignee_id': random.choice(TEAMMATES + [None]), 'missing': random.random() < 0.07, 'parts': parts}


def record(conversation, count, is_last=True):
    """What an export has once so many parts have happened. Parts stand in any order."""
    parts = conversation['parts'][:count]
    states = [s for s in map(state_after, parts) if s]
    is_missing = conversation['missing'] and is_last
    result = {k: v for k, v in conversation.items() if k not in ('parts', 'missing')}
    result['state'] = states[-1] if states else 'open'
    result['updated_at'] = max([p['created_at'] for p in parts] + [conversation['created_at']]) + is_last
    result['conversation_parts'] = {'conversation_parts': random.sample(parts, count), 'total_count': count + is_missing}
    return result


def write(count, seed, early, late):
    random.seed(seed)
    with open(early, 'w') as of_early, open(late, 'w') as of_late:
        for number in range(1, count + 1):
            conversation = random_conversation(number)
            whole = len(conversation['parts'])
            present = random.choice(['both', 'both', 'both', 'early', 'late'])
            if present == 'early':
                print(json.dumps(record(conversation, whole)), file=of_early)
            if present == 'both':
                print(json.dumps(record(conversation, random.randint(0, whole), is_last=False)), file=of_early)
            if present != 'early':
                print(json.dumps(record(conversation, whole)), file=of_late)


# What parts mean

def author_of(part):
    """The type and the identifier of who did it. A customer and a bot have no identifier."""
    author = part.get('author', {})
    kinds = {'admin': 'teammate', 'bot': 'bot', 'user': 'user', 'lead': 'user', 'contact': 'user'}
    kind = kinds.get(author.get('type'), 'unknown')
    return kind, (author['id'] or '') if kind == 'teammate' else ''


def state_after(part):
    if part['part_type'] == 'comment' and author_of(part)[0] == 'user':
        return 'open'
    return EFFECTS.get(part['part_type'])


def is_reply(part):
    return author_of(part)[0] == 'teammate' and part['part_type'] != 'note' and (part['part_type'] == 'comment' or bool(part['body']))


def assigned_by(part, kind):
    """Who has it from then on: '0' for nobody, None for no change."""
    to = part['assigned_to'] or {'type': None}
    if kind == 'team':
        return to['id'] if to['type'] == 'team' else part.get('team_assignee_id')
    return {'admin': to.get('id'), 'nobody_admin': '0', 'bot': '0'}.get(to['type']) or part.get('admin_assignee_id')


# One conversation

def last(values, default):
    """The last value that is known."""
    return next((v for v in reversed(values) if v is not None), default)


class Conversation:
    def __init__(self, record, as_of):
        self.record, self.start = record, record['created_at']
        self.parts = sorted(record['conversation_parts']['conversation_parts'], key=lambda p: (p['created_at'], int(p['id'])))
        self.is_whole = len(self.parts) == record['conversation_parts']['total_count']
        self.state = last([state_after(p) for p in self.parts], 'open')
        self.closes = self.find_closes()
        self.is_closed = self.state == 'closed' and self.closes[-1]['created_at'] >= self.start
        # Closed before it began, it has no timeline that counts.
        self.counts = self.is_whole and (self.state != 'closed' or self.is_closed)
        self.end = self.closes[-1]['created_at'] if self.is_closed else as_of
        self.closer = author_of(self.closes[-1]) if self.is_closed else None
        self.open_seconds, self.held = 0, {}
        self.look_at_spans()
        self.waits = self.find_waits()

    def find_closes(self):
        closes, state = [], None
        for part in self.parts:
            if state_after(part) == 'closed' and state != 'closed':
                closes.append(part)
            state = state_after(part) or state
        return closes

    def holder(self, kind, at):
        if kind == 'teammate' and all(assigned_by(p, kind) is None for p in self.parts):
            return self.record['admin_assignee_id'] or '0' if at >= self.start else '0'
        return last([assigned_by(p, kind) for p in self.parts if p['created_at'] <= at], '0')

    def look_at_spans(self):
        """held has everybody who had it for any time, open or not, before the start or after the end."""
        instants = sorted({p['created_at'] for p in self.parts} | {self.start, self.end})
        for begins_at, ends_at in zip(instants, instants[1:] + [instants[-1] + 1]):
            is_open = last([state_after(p) for p in self.parts if p['created_at'] <= begins_at], 'open') == 'open'
            seconds = ends_at - begins_at if is_open and self.start <= begins_at and ends_at <= self.end else 0
            self.open_seconds += seconds
            for kind in ('teammate', 'team'):
                who = self.holder(kind, begins_at)
                if who != '0':
                    self.held[kind, who] = self.held.get((kind, who), 0) + seconds

    def find_waits(self):
        """The waits that a reply ended, by who wrote it: the first one of that second."""
        waits, since, state = [], self.start, None
        for part in self.parts:
            at, before, state = part['created_at'], state, state_after(part) or state
            if at < self.start:
                continue
            if state_after(part) == 'closed' or is_reply(part):
                if since is not None and at > since:
                    waits.append((since, at))
                since = None
            elif author_of(part)[0] == 'user' and (part['part_type'] in ('comment', 'open')
                                                   or (state_after(part) == 'open' and before == 'closed')):
                if since is None:
                    # Back in the second in which it was handed over, the wait goes on.
                    since = waits.pop()[0] if waits and waits[-1][1] == at else at
        answered = defaultdict(list)
        for begins_at, ends_at in waits:
            replies = [p for p in self.parts if p['created_at'] == ends_at and is_reply(p)]
            if replies:
                answered[author_of(replies[0])].append(ends_at - begins_at)
        return answered

    def assignments(self, kind):
        """Each with its second and whoever has it from then on."""
        return [(p['created_at'], assigned_by(p, kind)) for p in self.parts if (assigned_by(p, kind) or '0') != '0']

    def handlers(self):
        """A row of ttr.handling for each handler, and its waits, as dictionaries."""
        rows = defaultdict(lambda: dict(held=None, assignments=0, handoffs=0, replies=0, closes=0, waits=[]))
        for who, seconds in self.held.items():
            rows[who]['held'] = seconds
        for kind in ('teammate', 'team'):
            assigned = [who for _, who in self.assignments(kind)]
            for place, who in enumerate(assigned):
                rows[kind, who]['assignments'] += 1
                rows[kind, who]['handoffs'] += place + 1 < len(assigned) and assigned[place + 1] != who
        for part in self.parts:
            if part['created_at'] >= self.start:
                if is_reply(part):
                    rows[author_of(part)]['replies'] += 1
                if part in self.closes:
                    rows[author_of(part)]['closes'] += 1
        for who, waits in self.waits.items():
            rows[who]['waits'] = waits
        for who, row in rows.items():
            row['has_resolved'] = self.is_closed and who == self.closer
            row['was_reopened'] = row['closes'] > row['has_resolved']
        return rows

    def clocks(self):
        """Seconds by each clock; None where it never ran."""
        assigned = [at for kind in ('teammate', 'team') for at, _ in self.assignments(kind)]
        closes = [p for p in self.closes if p['created_at'] >= self.start]
        held = [seconds for (kind, _), seconds in self.held.items() if kind == 'teammate']

        def first(times):
            return max(0, min(times) - self.start) if times else None

        return {'first_assignment': first(assigned), 'first_close': first([p['created_at'] for p in closes]),
                'first_teammate_close': first([p['created_at'] for p in closes if author_of(p)[0] == 'teammate']),
                'handling': sum(held) if held else None, 'unassigned': self.open_seconds - sum(held)}


# What the views must have

def text(value):
    """As psql prints it."""
    if value is None:
        return ''
    if isinstance(value, bool):
        return 'ft'[value]
    return str(int(value)) if value == int(value) else repr(value) if isinstance(value, float) else str(value)


def line(view, *values):
    print('|'.join([view] + [v if isinstance(v, str) else text(v) for v in values]))


def hours(seconds, of):
    return of(seconds) / 3600 if seconds else None


def expect_conversation(c):
    rows = c.handlers()
    for (kind, who), row in rows.items():
        line('handling', c.record['id'], kind, who, c.is_closed, row['held'], row['assignments'], row['handoffs'], row['replies'], row['closes'],
             row['has_resolved'], row['was_reopened'], '{' + ','.join(text(w) for w in sorted(row['waits'])) + '}')

    def total(figure, *kinds):
        return sum(row[figure] for (kind, _), row in rows.items() if kind in kinds)

    line('handling_by_conversation', c.record['id'], *c.clocks().values(), total('assignments', 'teammate'), total('assignments', 'team'),
         total('handoffs', 'teammate'), total('replies', 'teammate'),
         sum(row['replies'] > 0 for (kind, _), row in rows.items() if kind == 'teammate'))


def expect_handlers(closed):
    rows_of = defaultdict(list)
    for c in closed:
        for who, row in c.handlers().items():
            rows_of[who].append(row)
    for (kind, who), rows in rows_of.items():
        held = [row['held'] for row in rows if row['held'] is not None]
        figures = [len(rows), hours(held, median), hours(held, sum), sum(row['assignments'] for row in rows), sum(row['handoffs'] for row in rows)]
        if kind == 'team':
            line('by_team', who, *figures)
        if kind == 'teammate':
            waits = [w for row in rows for w in row['waits']]
            ever = [row['was_reopened'] for row in rows if row['closes'] > 0]
            line('by_teammate', who, *figures, sum(row['has_resolved'] for row in rows), sum(ever) / len(ever) if ever else None,
                 sum(row['replies'] for row in rows), len(waits), hours(waits, median))


def expect_clocks(closed):
    seconds_of = defaultdict(list)
    for c in closed:
        closer = {'teammate': 'admin', 'unknown': ''}.get(c.closer[0], c.closer[0])
        for clock, seconds in c.clocks().items():
            if seconds is not None:
                seconds_of['clocks', clock].append(seconds)
                seconds_of['clocks_by_closer', clock, closer].append(seconds)
    for key, seconds in seconds_of.items():
        line(*key, len(seconds), hours(seconds, median), hours(seconds, fmean))


def expect(as_of, *exports):
    newest = {}
    for record in (json.loads(one) for export in exports for one in open(export)):
        if record['updated_at'] >= newest.get(record['id'], record)['updated_at']:
            newest[record['id']] = record
    known = [c for c in (Conversation(record, as_of) for record in newest.values()) if c.counts]
    for c in known:
        expect_conversation(c)
    closed = [c for c in known if c.is_closed]
    expect_handlers(closed)
    expect_clocks(closed)


if __name__ == '__main__':
    if sys.argv[1] == 'write':
        write(int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:])
    else:
        expect(int(sys.argv[2]), *sys.argv[3:])

#!/usr/bin/env python3
"""Writes random histories of conversations into files of many layouts, and what is true of each conversation.

    mixtures.py COUNT SEED

Each history begins open at a known second and goes through random states, with messages of the customer and of others between
them. Each file holds a random part of the conversations, with all of their events or none. truth.csv says what any mixture of the
files must come to, loaded in any order:

    start known, events known       the open time of the history, basis timeline
    start known, no events          from the start to the last close, if a file has it: basis span
    no start                        no time to resolution
    start known, messages known     when the customer waited for the team; unknown in all other mixtures
"""
import csv
import json
import random
import sys
from datetime import datetime, timezone

PART_TYPES = {'open': 'open', 'snoozed': 'snoozed', 'closed': 'close'}
ACTIONS = {'open': 'Reopen', 'snoozed': 'Snooze', 'closed': 'Close'}
NEXT = {'open': ['snoozed', 'closed'], 'snoozed': ['open', 'closed'], 'closed': ['open']}
BASE = 1735689600  # 2025-01-01


class Layout:
    """A file, and the conversations that it holds."""

    def __init__(self, name, header, rows, has_start, has_events, has_close, has_messages=False):
        self.name, self.header, self.rows = name, header, rows
        self.has_start, self.has_events, self.has_close, self.has_messages = has_start, has_events, has_close, has_messages
        self.lines = []


def iso(epoch):
    return datetime.fromtimestamp(epoch, timezone.utc).isoformat() if epoch else ''


def canonical(c):
    yield [c['id'], 'u', iso(c['start']), iso(c['close']), c['state'], 'a@x']


def history(c):
    yield [c['id'], c['start'], c['start'], c['updated'], c['state']]


def dataset(c):
    yield [c['id'], c['start'], c['close'] or '', c['state'].capitalize()]


def parts(c):
    for number, (at, kind, author) in enumerate(c['parts'], 1):
        yield [number, c['id'], kind, at, c['updated'], author, 42]


def actions(c):
    for number, (at, state) in enumerate(c['events'], 1):
        yield [c['id'], f'a{number}', at, ACTIONS[state], 42]


def states(c):
    before = ''
    for at, state in [(c['start'], 'open')] + c['events']:
        yield [c['id'], state.capitalize(), before.capitalize(), at]
        before = state


def api(c):
    yield {'type': 'conversation', 'id': c['id'], 'created_at': c['start'], 'updated_at': c['updated'], 'state': c['state'],
           'conversation_parts': {'type': 'conversation_part.list', 'total_count': len(c['parts']), 'conversation_parts': [
               {'type': 'conversation_part', 'id': str(number), 'part_type': kind, 'created_at': at,
                'author': {'type': author, 'id': '42'}} for number, (at, kind, author) in enumerate(c['parts'], 1)]}}


def part_lines(c):
    for number, (at, kind, author) in enumerate(c['parts'], 1):
        yield {'type': 'conversation_part', 'id': str(number), 'part_type': kind, 'created_at': at,
               'conversation_id': c['id'], 'conversation_updated_at': c['updated'], 'author': {'type': author, 'id': '42'}}


LAYOUTS = [
    Layout('canonical.csv', 'conversation_id,user_id,started_at,resolved_at,state,assignee_email', canonical, True, False, True),
    Layout('history.csv', 'id,created_at,first_contact_reply_created_at,updated_at,state', history, True, False, False),
    Layout('dataset.csv', 'conversation_id,conversation_started_at,conversation_last_closed_at,current_conversation_state',
           dataset, True, False, True),
    Layout('parts.csv', 'id,conversation_id,part_type,created_at,conversation_updated_at,author_type,author_id', parts, False, True, True,
           True),
    Layout('actions.csv', 'conversation_id,action_id,action_time,action_type,action_performed_by_teammate_id', actions, False, True, True),
    Layout('states.csv', 'conversation_id,conversation_state,previous_conversation_state,conversation_state_started_at',
           states, True, True, True),
    Layout('api.jsonl', None, api, True, True, True, True),
    Layout('parts.jsonl', None, part_lines, False, True, True, True),
]


def messages(begin, end, state):
    """What people and bots write from one event to the next. A customer's message would wake a conversation that is not open."""
    for _ in range(random.choice([0, 0, 1, 2])):
        kind, author = random.choice([('comment', 'admin'), ('note', 'admin'), ('comment', 'bot'), ('assignment', 'admin'),
                                      ('comment', 'user' if state == 'open' else 'admin'), ('conversation_rating_changed', 'user')])
        yield random.randrange(begin, end + 1), kind, author


def make(number):
    at = BASE + random.randrange(86400 * 300)
    conversation = {'id': str(number), 'start': at, 'events': [], 'parts': [], 'state': 'open', 'close': None}
    for _ in range(random.choice([0, 1, 1, 2, 3, 5])):
        before, since = conversation['state'], at
        at += random.choice([random.randrange(60, 300), random.randrange(60, 200000)])
        conversation['state'] = random.choice(NEXT[before])
        conversation['events'].append((at, conversation['state']))
        conversation['parts'].extend(sorted(messages(since, at - 1, before)))
        author = random.choice(['admin', 'user'] if before != 'open' and conversation['state'] == 'open' else ['admin'])
        conversation['parts'].append((at, PART_TYPES[conversation['state']], author))
    if conversation['state'] == 'closed':
        conversation['close'] = at
    conversation['updated'] = at + 5
    return conversation


def waits(conversation):
    """When the last of the start and all parts up to then that hands the ball over is the customer's."""
    turns = {conversation['start']: True}
    for at, kind, author in conversation['parts']:
        if kind == 'close' or (kind == 'comment' and author == 'admin'):
            turns[at] = False
        elif author == 'user' and kind in ('comment', 'open'):
            turns[at] = True
    ranges, since = [], None
    for at, waiting in sorted(turns.items()):
        if waiting and since is None:
            since = at
        elif not waiting and since is not None:
            ranges.append(f'[{iso(since)},{iso(at)})' if since < at else '')
            since = None
    if since is not None:
        ranges.append(f'[{iso(since)},)')
    return '{' + ','.join(ranges) + '}'


def open_seconds(conversation):
    total, since, state = 0, conversation['start'], 'open'
    for at, after in conversation['events']:
        total += at - since if state == 'open' else 0
        since, state = at, after
    return total


def truth(c, layouts):
    has_start = any(l.has_start for l in layouts)
    has_events = any(l.has_events for l in layouts) and c['events']
    has_close = any(l.has_close for l in layouts)
    has_messages = has_start and any(l.has_messages for l in layouts)
    waiting = waits(c) if has_messages else ''
    if c['close'] is None or not has_start or not has_close:
        return [c['id'], has_start, '', '', waiting]
    if has_events:
        return [c['id'], has_start, open_seconds(c), 'timeline', waiting]
    return [c['id'], has_start, c['close'] - c['start'], 'span', waiting]


def main():
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    random.seed(seed)
    known = []
    for number in range(1, count + 1):
        conversation = make(number)
        layouts = [l for l in LAYOUTS if random.random() < 0.3 and any(True for _ in l.rows(conversation))]
        for layout in layouts:
            layout.lines.extend(layout.rows(conversation))
        if layouts:
            known.append(truth(conversation, layouts))
    for layout in LAYOUTS:
        with open(layout.name, 'w', newline='') as file:
            if layout.header is None:
                file.writelines(json.dumps(line) + '\n' for line in layout.lines)
            else:
                file.write(layout.header + '\n')
                csv.writer(file, lineterminator='\n').writerows(layout.lines)
    with open('truth.csv', 'w', newline='') as file:
        csv.writer(file, lineterminator='\n').writerows(known)


main()

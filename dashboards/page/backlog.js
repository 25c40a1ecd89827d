/*
 * backlog.js: what is not closed: at the end of each day, and now, by its age.
 */
'use strict';

const DAYS_COMPARED = 28;

function addBacklog() {
  const days = data.backlog.map((day) => ({
    ...day, time: parseDay(day.day), total: day.total_open + day.total_snoozed, entered: day.opened + day.reopened,
    isWhole: day.is_covered && day.cut_at === null,
  }));
  if (days.length === 0) return say('backlog', 'No conversation is known to have been open or snoozed.');
  if (days.every((day) => day.total === 0)) return say('backlog', 'At the end of each day every conversation was closed.');
  const [first, last] = [days[0], days[days.length - 1]];
  say('backlog', backlogSentence(days) + flowSentence(days));
  addChart('backlog', {
    caption: 'Above, what was open and snoozed at the end of each day; the line is what was past its target. Below, what was opened or ' +
      `reopened on each day, and what was closed.${outlineSentence(days)}`,
    label: `Conversations that were not closed at the end of each day, ${dayInWords(first.day)} to ${dayInWords(last.day)}: ` +
      `${number(first.total)} at first, ${number(last.total)} at last.`,
    draw: (width) => backlogChart(width, { days }),
    table: {
      title: `backlog, ${dayInWords(first.day)} to ${dayInWords(last.day)}`,
      columns: [
        { name: 'day', look: 'date', value: (row) => row.day },
        { name: 'open at its end', look: 'number', value: (row) => number(row.total_open) },
        { name: 'snoozed', look: 'number', value: (row) => number(row.total_snoozed) },
        { name: 'past target', look: 'number', value: (row) => number(row.past_target) },
        { name: 'median age, hours', look: 'number', value: (row) => hoursColumn(row.median_age_hours) },
        { name: 'opened', look: 'number', value: (row) => number(row.opened) },
        { name: 'reopened', look: 'number', value: (row) => number(row.reopened) },
        { name: 'closed', look: 'number', value: (row) => number(row.closed) },
      ],
      rows: days,
    },
  });
}

// The last day of which the exports have all, or else the last one.
function newestWholeDay(days) {
  return days.findLast((day) => day.is_covered) ?? days[days.length - 1];
}

// The day four weeks before, if the exports have all since then.
function comparedDay(days) {
  const from = days.indexOf(newestWholeDay(days)) - DAYS_COMPARED;
  return days.slice(Math.max(from, 0), from + DAYS_COMPARED + 1).every((day) => day.is_covered) ? days[from] : undefined;
}

function backlogSentence(days) {
  const day = newestWholeDay(days);
  const when = day.cut_at === null ? `At the end of ${dayInWords(day.day)}` : `At the newest export, ${timeInWords(day.cut_at)}`;
  const { total, past_target: past, median_age_hours: age } = day;
  const change = changeOfTotal(total, comparedDay(days));
  if (total === 0) return `${when}, no conversation was open or snoozed${change}.`;
  const were = `${when}, ${counted(total, 'conversation')} ${total === 1 ? 'was' : 'were'} not closed${change};`;
  if (total === 1) return `${were} it was ${past === 1 ? '' : 'not '}past its target, and ${durationInWords(age)} old.`;
  const late = past === 0 ? 'none' : past === total ? 'all' : number(past);
  return `${were} ${late} of them ${past > 1 ? 'were past their' : 'was past its'} target, and the median age was ${durationInWords(age)}.`;
}

function changeOfTotal(total, before) {
  if (before === undefined || total + before.total === 0) return '';
  const change = total - before.total;
  if (change === 0) return ', as many as four weeks before';
  return `, ${number(Math.abs(change))} ${change > 0 ? 'more' : 'fewer'} than four weeks before`;
}

function flowSentence(days) {
  if (comparedDay(days) === undefined) return '';
  const end = days.indexOf(newestWholeDay(days)) + 1;
  const sum = (name) => days.slice(end - DAYS_COMPARED, end).reduce((total, day) => total + day[name], 0);
  const [opened, reopened, closed] = ['opened', 'reopened', 'closed'].map(sum);
  return ` In the four weeks up to then ${counted(opened, 'conversation')} ${opened === 1 ? 'was' : 'were'} opened, ${
    reopened === 0 ? '' : `${number(reopened)} reopened, `}and ${number(closed)} closed.`;
}

// Which days are drawn as outlines, and why.
function outlineSentence(days) {
  const uncovered = days.filter((day) => !day.is_covered).length;
  const partial = uncovered === 0 ? '' : ` Outlined, and left out of the line: ${counted(uncovered, 'day')} of which the exports ` +
    'have only a part, without what started earlier or later.';
  return days.every((day) => day.isWhole || !day.is_covered) ? partial : `${partial} Outlined below: a day that was not over.`;
}

function ageName({ above_hours: from, up_to_hours: to }) {
  if (to === null) return `more than ${roundDuration(from)}`;
  return from === 0 ? `up to ${roundDuration(to)}` : durationRange(from, to);
}

function addOpen() {
  const ages = data.open_ages.map((age) => ({ ...age, name: ageName(age), total: age.total_open + age.total_snoozed }));
  if (ages.every((age) => age.total === 0)) return say('open', 'No conversation is open or snoozed.');
  const median = overall.total_open + overall.total_snoozed > 1 ? overall.open_median_age_hours : null;
  addChart('open', {
    caption: `Conversations that are open or snoozed, by the time since they started, at ${timeInWords(data.data_as_of)}. ` +
      `The strong part is past its target.${median === null ? '' : ` Half of them are older than ${durationInWords(median)}.`}`,
    label: `Open and snoozed conversations by age. ${ages.map((age) => `${age.name}: ${number(age.total)}`).join('; ')}.`,
    draw: (width) => ageChart(width, { ages }),
    table: {
      title: 'open and snoozed by age',
      columns: [
        { name: 'age', look: 'date', value: (row) => row.name },
        { name: 'open', look: 'number', value: (row) => number(row.total_open) },
        { name: 'snoozed', look: 'number', value: (row) => number(row.total_snoozed) },
        { name: 'past target', look: 'number', value: (row) => number(row.past_target) },
      ],
      rows: ages,
    },
  });
}

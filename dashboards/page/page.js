/*
 * page.js: the page from its data: the first sentence, then section after section. Each chart has a sentence that says
 * what it shows, a label for those who do not see it, and its numbers as a table.
 */
'use strict';

const data = JSON.parse(document.getElementById('data').textContent);
const overall = data.overall;

// Redraws each chart when its width changes.
const charts = new Map();
const watcher = new ResizeObserver((entries) => {
  for (const entry of entries) redraw(entry.target);
});

function redraw(holder) {
  const width = Math.floor(holder.clientWidth);
  const chart = charts.get(holder);
  if (width === 0 || chart.width === width) return;
  chart.width = width;
  const svg = chart.draw(width);
  setAttributes(svg, { role: 'img', 'aria-label': chart.label });
  holder.replaceChildren(svg);
}

function section(id) {
  return document.getElementById(id).parentElement;
}

function remove(id) {
  section(id).remove();
  document.querySelector(`nav a[href="#${id}"]`).parentElement.remove();
}

// A section that the page has only for some databases; explanation: the tooltip of the heading.
function addSection(previous, id, heading, explanation) {
  section(previous).after(element('section', { 'aria-labelledby': id }, element('h2', { id, title: explanation }, heading)));
  document.querySelector(`nav a[href="#${previous}"]`).parentElement.after(
    element('li', {}, element('a', { href: `#${id}` }, heading)));
}

function say(id, text) {
  section(id).append(element('p', { class: 'note' }, text));
}

// A chart with its caption and its numbers; draw is called with the width that there is.
function addChart(id, { caption, label, draw, table }) {
  const holder = element('div', { class: 'chart' });
  charts.set(holder, { draw, label, width: 0 });
  section(id).append(element('figure', {}, element('figcaption', {}, caption), holder, numbers(table)));
  watcher.observe(holder);
}

// The numbers of a chart: there for whoever opens them, with the keyboard, too.
function numbers(table) {
  return element('details', {},
    element('summary', {}, `The numbers: ${table.title}`),
    element('div', { class: 'scroll', role: 'region', tabindex: 0, 'aria-label': `Numbers: ${table.title}` }, tableOf(table)));
}

/*
 * columns: name, value of a row, and how it is set: name (text of any length), number or date. The first column is the
 * heading of its row.
 */
function tableOf({ title, columns, rows }) {
  const head = element('tr', {}, ...columns.map((column) => element('th', { scope: 'col', class: column.look }, column.name)));
  const body = rows.map((row) => element('tr', {}, ...columns.map((column, i) => {
    const text = column.value(row);
    const content = column.look === 'name' ? element('bdi', {}, text) : text;
    return i === 0 ? element('th', { scope: 'row', class: column.look }, content) : element('td', { class: column.look }, content);
  })));
  return element('table', {}, element('caption', {}, title), element('thead', {}, head), element('tbody', {}, ...body));
}

const FIGURES = [
  { name: 'closed', look: 'number', value: (row) => number(row.total_closed) },
  { name: 'median, hours', look: 'number', value: (row) => hoursColumn(row.median_hours) },
  { name: '95th percentile, hours', look: 'number', value: (row) => hoursColumn(row.p95_hours) },
  { name: 'within 24 hours', look: 'number', value: (row) => percent(row.share_within_24h, 1) },
];

function nameOf(name) {
  return name === null ? 'nobody' : name;
}

// A figure that a program can read, too.
function figure(value, text, look = null) {
  return element('data', { value, class: look }, text);
}

function addLead() {
  const lead = document.getElementById('lead');
  lead.replaceChildren(...closedSentence(), ...openSentence());
}

function closedSentence() {
  const { total, total_closed: closed, median_hours: median, p95_hours: p95, share_within_24h: share,
    started_share_within_24h: startedShare, started_median_hours: startedMedian } = overall;
  if (total === 0) return ['No conversation has been loaded yet.'];
  if (closed === 0) return [`None of ${counted(total, 'conversation')} is closed yet: there is no time to resolution to tell.`];
  if (closed === 1) return ['The one closed conversation was resolved within ', figure(median, durationInWords(median), 'median'), '.'];
  return [
    'Half of ', figure(closed, number(closed)), ' closed conversations were resolved within ',
    figure(median, durationInWords(median), 'median'),
    ', 95 of 100 within ', figure(p95, durationInWords(p95)), '; ', figure(share, percent(share)), ' within 24 hours',
    ...(startedShare === null ? [] : [', and ', figure(startedShare, percent(startedShare)), ' of all that started']), '.',
    ...(startedMedian === null ? [] : [' Half of all that started are resolved within ', figure(startedMedian, durationInWords(startedMedian)),
      ', if those that have not ended yet go on as the others did.']),
  ];
}

function openSentence() {
  const { total, total_open: open, total_snoozed: snoozed, open_past_target: past } = overall;
  if (total === 0) return [];
  if (open + snoozed === 0) return [' None is open.'];
  const states = [[open, 'open'], [snoozed, 'snoozed']].filter(([count]) => count > 0).flatMap(([count, state], i) => (
    i === 0 ? [' ', figure(count, number(count)), ` ${count === 1 ? 'is' : 'are'} ${state}`]
      : [' and ', figure(count, number(count)), ` ${state}`]));
  if (past === 0) return [...states, open + snoozed === 1 ? ', not past its target.' : ', none of them past their target.'];
  if (past === open + snoozed) return [...states, past === 1 ? ', past its target.' : ', all past their target.'];
  return [...states, ', ', figure(past, number(past)), past === 1 ? ' of them past its target.' : ' of them past their target.'];
}

// What ttr-load calls standard input is a dash.
function fileNames(load) {
  return load.files.split(', ').map((name) => (name === '-' ? 'standard input' : name)).join(', ');
}

function addSource() {
  const source = document.getElementById('source');
  const load = data.loads[0];
  if (load === undefined) {
    source.append('Database ', element('bdi', {}, data.database), '. Load an export: ttr-load --html=figures.html export.csv');
    return;
  }
  if (data.data_as_of !== null) source.append(`Data as of ${timeInWords(data.data_as_of)} (${data.time_zone}). `);
  source.append(
    'Database ', element('bdi', {}, data.database),
    `, load ${load.load_id} of ${timeInWords(load.finished_at)}: `, element('bdi', {}, fileNames(load)),
    `, ${counted(load.read, 'record')}${load.rejected > 0 ? `, ${number(load.rejected)} of them rejected` : ''}.`);
  if (!data.is_fresh) {
    source.append(' ', element('span', { class: 'warning' }, 'The figures are older than the facts: run ttr-load --refresh.'));
  }
}

function addDays() {
  const { daily, rolling_days: window } = data;
  if (daily.length === 0) return say('days', 'No conversation has been resolved yet.');
  const points = daily.map((row) => ({
    ...dots(row, row.day),
    ...line(row.rolling_is_covered, row.rolling_closed, row.rolling_median_hours, row.rolling_p95_hours),
  }));
  const [first, last] = [daily[0].day, daily[daily.length - 1].day];
  const lines = points.some((point) => point.lineMedian !== null);
  addChart('days', {
    caption: `Each dot is a day of resolution: its median in colour, its 95th percentile in grey. ${lines
      ? `The lines are those of the ${window} days up to each day, computed from their conversations and not from the dots.`
      : `There is no line yet: it takes ${window} days and ${FEW} conversations.`
    } Hollow: fewer than ${FEW} conversations, or a day that was not over. ${uncoveredSentence(daily, 'day')}Logarithmic scale.`,
    label: `Daily median and 95th percentile of the time to resolution, ${dayInWords(first)} to ${dayInWords(last)}. ` +
      `${trend(points, window)}`,
    draw: (width) => timeChart(width, { points, step: MILLISECONDS_A_DAY, unit: 'day', target: data.target_hours }),
    table: {
      title: `daily, ${dayInWords(first)} to ${dayInWords(last)}`,
      columns: [{ name: 'day', look: 'date', value: (row) => row.day }, ...FIGURES,
        { name: `median of ${window} days, hours`, look: 'number', value: (row) => hoursColumn(row.rolling_median_hours) },
        { name: `95th percentile of ${window} days, hours`, look: 'number', value: (row) => hoursColumn(row.rolling_p95_hours) }],
      rows: daily,
    },
  });
}

// A period as two dots, full where it is over and the exports have all of it.
function dots(row, day) {
  return {
    time: parseDay(day), total_closed: row.total_closed, median: row.median_hours, p95: row.p95_hours,
    isWhole: row.is_complete && row.is_covered,
  };
}

// Lines are drawn through what enough conversations say, and all of them.
function line(isCovered, count, median, p95) {
  return isCovered && count >= FEW ? { lineMedian: median, lineP95: p95 } : { lineMedian: null, lineP95: null };
}

// Which periods the lines leave out, and why.
function uncoveredSentence(rows, unit) {
  const count = rows.filter((row) => !row.is_covered && row.total_closed > 0).length;
  if (count === 0) return '';
  return `Hollow, too, and left out of the lines: ${counted(count, unit)} of which the exports have only a part, the slow rest of what ` +
    'started earlier or the quick part of what started then. ';
}

function trend(points, window) {
  const [first, last] = [points.find((point) => point.lineMedian !== null), lastWith(points, 'lineMedian')];
  if (first === undefined || first === last) return '';
  return `The median of ${window} days went from ${durationInWords(first.lineMedian)} to ` +
    `${durationInWords(last.lineMedian)}, the 95th percentile from ${durationInWords(first.lineP95)} to ` +
    `${durationInWords(last.lineP95)}.`;
}

// More weeks than that are no lines that anybody can follow: years are told by month.
const WEEKS_IN_LINES = 104;

function addWeeks() {
  const { weekly } = data;
  if (weekly.length < 2) return say('weeks', 'There are not two weeks to compare yet.');
  const rest = Math.max(weekly.length - WEEKS_IN_LINES, 0);
  addPeriods('weeks', {
    rows: weekly, drawn: weekly.slice(rest), day: 'week', unit: 'week', step: 7 * MILLISECONDS_A_DAY,
    caption: 'Median and 95th percentile of each week of resolution, from Monday on: figures of the whole week, not means ' +
      `of its days. Hollow: fewer than ${FEW} conversations, or a week that was not over. ${
        uncoveredSentence(weekly.slice(rest), 'week')}Logarithmic scale.${
        rest > 0 ? ` Drawn are the last ${WEEKS_IN_LINES} weeks; ${counted(rest, 'more is', 'more are')} in the table.` : ''}`,
  });
  for (const beside of ['period before', 'year before']) sayCompared(beside);
}

const COMPARED = {
  median_hours: { name: 'median', text: duration },
  p95_hours: { name: '95th percentile', text: duration },
  sla_met_ratio: { name: 'within the target', text: percent },
};

// The last whole week beside an earlier one. A difference that may be chance is no change.
function sayCompared(beside) {
  const rows = data.compared.filter((row) => row.compared_with === beside && row.change !== 'not covered');
  if (rows.length === 0) return;
  const figures = rows.map(({ figure: name, value, earlier_value: earlier, change }) => {
    const { name: label, text } = COMPARED[name];
    return `${label} ${text(value)} after ${text(earlier)}, ${change === 'no clear change' ? change : `clearly ${change}`}`;
  });
  say('weeks', `The week from ${dayInWords(rows[0].week)} beside ${
    beside === 'year before' ? 'that of a year before' : 'the one before'}: ${figures.join('; ')}.`);
}

function addMonths() {
  const { monthly, weekly } = data;
  if (weekly.length <= WEEKS_IN_LINES) return remove('months');
  addPeriods('months', {
    rows: monthly, drawn: monthly, day: 'month', unit: 'month', step: 28 * MILLISECONDS_A_DAY,
    caption: 'Median and 95th percentile of each month of resolution: figures of the whole month, not means of its days or ' +
      `weeks. Hollow: fewer than ${FEW} conversations, or a month that was not over. ${uncoveredSentence(monthly, 'month')}Logarithmic scale.`,
  });
}

// Weeks or months as two lines. day: the member that has the first day of each; drawn: which of them are.
function addPeriods(id, { rows, drawn, day, unit, step, caption }) {
  const points = drawn.map((row) => ({
    ...dots(row, row[day]),
    ...line(row.is_covered, row.total_closed, row.median_hours, row.p95_hours),
  }));
  addChart(id, {
    caption,
    label: `Median and 95th percentile of the time to resolution of each ${unit}, ${counted(drawn.length, unit)} from ` +
      `${dayInWords(drawn[0][day])}. The last ${unit}'s median is ${durationInWords(drawn[drawn.length - 1].median_hours)}.`,
    draw: (width) => timeChart(width, { points, step, unit, target: data.target_hours }),
    table: { title: `${unit}ly`, columns: [{ name: `${unit} from`, look: 'date', value: (row) => row[day] }, ...FIGURES], rows },
  });
}

function addDistribution() {
  const { distribution: classes } = data;
  if (overall.total_closed === 0) return say('distribution', 'No conversation has been resolved yet.');
  const commonest = classes.reduce((best, one) => (one.total_closed > best.total_closed ? one : best));
  addChart('distribution', {
    caption: 'Above, the share that was resolved within each time; below, how many fall into each class of time. The ' +
      'classes widen from left to right, as on a logarithmic scale.',
    label: `Distribution of the time to resolution: most often ${commonest.time_to_resolution}; half within ` +
      `${durationInWords(overall.median_hours)}, 95 of 100 within ${durationInWords(overall.p95_hours)}.`,
    draw: (width) => distributionChart(width, { classes, median: overall.median_hours, p95: overall.p95_hours }),
    table: {
      title: 'distribution',
      columns: [
        { name: 'time to resolution', look: 'date', value: (row) => row.time_to_resolution },
        { name: 'closed', look: 'number', value: (row) => number(row.total_closed) },
        { name: 'resolved up to its end', look: 'number', value: (row) => percent(row.cumulative_share, 1) },
      ],
      rows: classes,
    },
  });
}

// Named groups: those with most conversations are drawn, all are in the table. value: the member that has the name; without: what a
// conversation in no group is called.
function addGroups(id, { rows, total, value, noun, plural, heading = noun, without = null, footnote, view }) {
  const closed = rows.filter((row) => row.total_closed > 0);
  if (closed.length === 0) return say(id, `No ${noun} has a closed conversation yet.`);
  const name = (row) => row[value] ?? without;
  const drawn = closed.slice(0, 15).map((row) => ({ ...row, name: name(row), isNobody: row[value] === null }));
  const rest = total - drawn.length;
  const more = total - rows.length;
  const others = `${counted(rest, `more ${noun}`, `more ${plural}`)} ${rest === 1 ? 'is' : 'are'} in the table`;
  const omitted = rest === 0 ? '' : ` Drawn are the ${drawn.length} ${plural} with the most closed conversations; ${others}${
    more > 0 ? `, but for ${number(more)} that only the view ${view} has` : ''}.`;
  const examples = drawn.slice(0, 3).map((row) => `${isolated(row.name)}: half within ${durationInWords(row.median_hours)}`);
  addChart(id, {
    caption: 'From the median, the dot, to the 95th percentile, the tick. The line down is the median of all. Hollow: ' +
      `fewer than ${FEW} conversations. Logarithmic scale.${omitted} ${footnote}`,
    label: `Median and 95th percentile of the time to resolution by ${heading}. ${examples.join('; ')}.`,
    draw: (width) => rangeChart(width, { rows: drawn, all: overall.median_hours }),
    table: { title: `by ${heading}`, columns: [{ name: heading, look: 'name', value: name }, ...FIGURES,
      { name: 'past target', look: 'number', value: (row) => number(row.sla_breaches) }], rows },
  });
}

function addAssignees() {
  const hasNobody = data.by_assignee.some((row) => row.assignee === null);
  addGroups('assignees', { rows: data.by_assignee, total: data.total_assignees, value: 'assignee', noun: 'assignee',
    plural: 'assignees', without: nameOf(null), view: 'ttr.by_assignee',
    footnote: hasNobody ? '“nobody” are conversations without an assignee.' : '' });
}

function addTags() {
  addGroups('tags', { rows: data.by_tag, total: data.total_tags, value: 'tag', noun: 'tag', plural: 'tags',
    footnote: 'A conversation counts under each of its tags.', view: 'ttr.by_tag' });
}

// A section of its own for each dimension that the owner of the database listed, after the tags. Its name is the owner's.
function addDimensions() {
  let before = 'tags';
  for (const { dimension, path, total_values: total, by_value: rows } of data.dimensions) {
    const id = `dimension-${dimension}`;
    const heading = dimension.replaceAll('_', ' ').trim();
    addSection(before, id, `By ${heading}`, path);
    addGroups(id, { rows, total, value: 'value', noun: 'value', plural: 'values', heading, without: 'none',
      footnote: rows.some((row) => row.value === null) ? '“none” are conversations without a value.' : '',
      view: 'ttr.by_dimension' });
    before = id;
  }
}

function addHours() {
  const { weekday_hour: cells } = data;
  const told = cells.filter((cell) => cell.total_closed >= FEW_IN_A_CELL);
  if (told.length === 0) return say('hours', `No hour of the week has ${FEW_IN_A_CELL} closed conversations yet.`);
  const quickest = told.reduce((a, b) => (b.median_hours < a.median_hours ? b : a));
  const slowest = told.reduce((a, b) => (b.median_hours > a.median_hours ? b : a));
  const when = (cell) => `${WEEKDAYS[cell.weekday - 1]} ${String(cell.hour).padStart(2, '0')}:00`;
  addChart('hours', {
    caption: `Median time to resolution of the conversations that started in each hour of the week (${data.time_zone}): ` +
      `the stronger the colour, the longer. Closed conversations only. A dot stands for fewer than ${FEW_IN_A_CELL}, too ` +
      'few for a median; empty is none. Logarithmic shades.',
    label: `Median time to resolution by weekday and hour of start. Quickest: ${when(quickest)}, ` +
      `${durationInWords(quickest.median_hours)}; slowest: ${when(slowest)}, ${durationInWords(slowest.median_hours)}.`,
    draw: (width) => weekChart(width, { cells }),
    table: {
      title: 'by weekday and hour of start',
      columns: [
        { name: 'weekday and hour', look: 'date', value: when },
        { name: 'closed', look: 'number', value: (row) => number(row.total_closed) },
        { name: 'median, hours', look: 'number', value: (row) => hoursColumn(row.median_hours) },
      ],
      rows: cells,
    },
  });
}

const WEEKS_DRAWN = 16;

function addCohorts() {
  const { cohorts, cohort_hours: hours } = data;
  if (cohorts.length === 0) return say('cohorts', 'No conversation started before the newest export was taken.');
  const drawn = cohorts.slice(-WEEKS_DRAWN).reverse();
  const rest = cohorts.length - drawn.length;
  addChart('cohorts', {
    caption: `Of all conversations that started in a week (from Monday on), whatever became of them: the share in ` +
      `percent that was resolved within each time. Framed, in italics: that much time has not passed yet since the last of them started, ` +
      `and the share can still grow.${
      rest > 0 ? ` Drawn are the last ${drawn.length} weeks; ${counted(rest, 'more is', 'more are')} in the table.` : ''}`,
    label: 'Share of the conversations of each week of start that were resolved within ' +
      `${enumeration(hours.map(roundDuration))}.`,
    draw: (width) => cohortChart(width, { weeks: drawn, hours }),
    table: {
      title: 'by week of start, shares in percent; * not complete yet',
      columns: [
        { name: 'week from', look: 'date', value: (row) => row.week },
        { name: 'started', look: 'number', value: (row) => number(row.total_started) },
        ...hours.map((hour, i) => ({ name: `within ${roundDuration(hour)}`, look: 'number',
          value: (row) => `${percent(row.shares[i], 1)}${row.is_complete[i] ? '' : '*'}` })),
      ],
      rows: cohorts,
    },
  });
}

// A table that is shown as it is.
function addTable(id, note, table) {
  section(id).append(element('p', { class: 'note' }, note),
    element('div', { class: 'table wide', role: 'region', tabindex: 0, 'aria-label': table.title }, tableOf(table)));
}

function addSlowest() {
  const { slowest } = data;
  if (slowest.length === 0) return say('slowest', 'No conversation has been resolved yet.');
  addTable('slowest', slowest.length === 1 ? 'The closed conversation that took longest.' : `The ${slowest.length} closed ` +
    'conversations that took longest. A median does not show them, and their customers waited all the same.', {
    title: 'The slowest conversations',
    columns: [
      { name: 'conversation', look: 'name', value: (row) => row.conversation_id },
      { name: 'hours', look: 'number', value: (row) => hoursColumn(row.resolution_hours) },
      { name: 'resolved', look: 'date', value: (row) => row.resolved_on },
      { name: 'assignee', look: 'name', value: (row) => nameOf(row.assignee) },
      { name: 'tags', look: 'name', value: (row) => row.tags || DASH },
    ],
    rows: slowest,
  });
}

function addOmitted() {
  const { quality, loads } = data;
  if (quality.length === 0) {
    say('omitted', overall.total === 0 ? 'Nothing: there is no conversation.'
      : 'Nothing was left out of the figures, and nothing in them is doubtful.');
  } else {
    addTable('omitted', 'Conversations that the figures leave out, or count although something about them is doubtful.', {
      title: 'Left out or doubtful',
      columns: [
        { name: 'what', look: 'name', value: (row) => row.detail },
        { name: 'conversations', look: 'number', value: (row) => number(row.total) },
      ],
      rows: quality,
    });
  }
  if (loads.length === 0) return;
  addTable('omitted', `The last ${loads.length === 1 ? 'load' : counted(loads.length, 'load')}: a record that could not ` +
    'be read is rejected, kept in the database with its line and the reason, and part of no figure.', {
    title: 'The last loads',
    columns: [
      { name: 'load', look: 'number', value: (row) => String(row.load_id) },
      { name: 'finished', look: 'date', value: (row) => timeInWords(row.finished_at) },
      { name: 'records', look: 'number', value: (row) => number(row.read) },
      { name: 'rejected', look: 'number', value: (row) => number(row.rejected) },
      { name: 'files', look: 'name', value: fileNames },
    ],
    rows: loads,
  });
}

function addReading() {
  const share = overall.timeline_ratio;
  document.getElementById('clock').textContent = share === null || share === 0
    ? 'From the start to the close that still holds. No timeline is known that would tell when a conversation was snoozed.'
    : `How long it was open, without the time it was snoozed, where its timeline is known: of ${percent(share)} of the ` +
      'closed conversations. Of the others, from the start to the close that still holds.';
  const breaches = overall.total_closed === 0 ? 'none yet'
    : `${number(overall.sla_breaches)} of ${counted(overall.total_closed, 'closed conversation')}`;
  document.getElementById('target').textContent = `${durationInWords(data.target_hours)}, unless an SLA policy applies to ` +
    `the conversation. Strictly more is a breach: ${breaches}.`;
  document.getElementById('as-of').textContent = data.data_as_of === null ? 'Nothing is loaded yet.'
    : `Ages are those at the time of the newest export, ${timeInWords(data.data_as_of)}. Days, weeks and hours are those ` +
      `of the time zone ${data.time_zone}. The figures were computed ${timeInWords(data.refreshed_at)}.`;
}

function addFigures() {
  addDays();
  addWeeks();
  addMonths();
  addDistribution();
  addAssignees();
  addTags();
  addDimensions();
  addHours();
  addCohorts();
  addBacklog();
  addOpen();
  addSlowest();
}

// Of nothing there is one thing to say, and the first sentence says it.
function removeFigures() {
  const ids = ['days', 'weeks', 'months', 'distribution', 'assignees', 'tags', 'hours', 'cohorts', 'backlog', 'open', 'slowest'];
  ids.forEach(remove);
}

addLead();
addSource();
addReading();
if (overall.total > 0) addFigures();
else removeFigures();
addOmitted();
document.querySelector('main').hidden = false;
document.querySelector('nav').hidden = false;

// Paper has another width than the screen.
for (const event of ['beforeprint', 'afterprint']) addEventListener(event, () => charts.forEach((chart, holder) => redraw(holder)));

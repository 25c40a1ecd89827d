/*
 * charts.js: the charts, each a function of its data and the width that it has. Durations lie on logarithmic scales,
 * because the quick and the slow differ by a factor of a thousand; the captions say so. The accent is the median's.
 */
'use strict';

const NARROW = 560;
const WIDEST_BAR = 120;

// Labels at the ends of lines, moved apart where they would meet.
function endLabels(drawing, labels, top, bottom) {
  const placed = labels.sort((a, b) => a.y - b.y);
  placed.forEach((label, i) => { label.at = Math.max(label.y - 2, i === 0 ? top + 10 : placed[i - 1].at + 34); });
  for (let i = placed.length - 1, floor = bottom - 16; i >= 0; floor = placed[i].at - 34, i--) {
    placed[i].at = Math.min(placed[i].at, floor);
  }
  for (const label of placed) {
    drawing.text(label.x, label.at, label.name, { look: `over ${label.look}` });
    drawing.text(label.x, label.at + 16, label.value, { look: `over ${label.look}` });
  }
}

function lastWith(points, name) {
  return points.findLast((point) => point[name] !== null);
}

// Where the scale of time ends: labels stand beyond it, unless the lines end so early that they have room before it.
function rightEnd(left, width, part, texts = ['median']) {
  const room = Math.ceil(Math.max(...texts.map((text) => measure(text, true)))) + 12;
  return left + (width - 4 - left) * part + room <= width ? width - 4 : width - room;
}

/*
 * Median and 95th percentile along time, and beneath how many they were computed from. points: time, total_closed, median,
 * p95, whether the period is whole, and where the two lines run; unit: the period's name.
 */
function timeChart(width, { points, step, unit, target }) {
  const narrow = width < NARROW;
  const values = points.flatMap((point) => [point.median, point.p95, point.lineMedian, point.lineP95]);
  const top = 6;
  const bottom = top + (narrow ? 220 : 270);
  const stripTop = bottom + 44;
  const stripBottom = stripTop + 40;
  const drawing = new Drawing(width, stripBottom + 28);
  const { scale: y, ticks } = durationAxis([...values, target], bottom, top, 26);
  const left = Math.ceil(Math.max(...ticks.map((tick) => measure(roundDuration(tick))))) + 10;
  const first = points[0].time;
  const last = points[points.length - 1].time;
  const end = lastWith(points, 'lineMedian') !== undefined ? ['lineMedian', 'lineP95'] : ['median', 'p95'];
  const right = rightEnd(left, width, (lastWith(points, end[0]).time - first + step / 2) / (last - first + step));
  const x = linearScale(first - step / 2, last + step / 2, left, right);

  for (const tick of ticks) {
    drawing.line(left, crisp(y(tick)), right, crisp(y(tick)), 'grid');
    drawing.text(left - 10, y(tick) + 4.5, roundDuration(tick), { anchor: 'end' });
  }
  drawing.line(left, crisp(y(target)), right, crisp(y(target)), 'target');

  const radius = points.length > 150 || narrow ? 2 : 3;
  for (const look of ['p95', 'median']) {
    for (const point of points) {
      if (point[look] === null) continue;
      const few = point.total_closed < FEW || !point.isWhole;
      drawing.dot(x(point.time), y(point[look]), radius, `dot${look === 'median' ? ' typical' : ''}${few ? ' few' : ''}`);
    }
  }
  const run = (name) => points.map((point) => (point[name] === null ? null : [x(point.time), y(point[name])]));
  const dense = points.length > 100 ? ' dense' : '';
  drawing.path(run('lineP95'), `line${dense}`);
  drawing.path(run('lineMedian'), `line typical${dense}`);

  const label = (name, look, value) => {
    const point = lastWith(points, value);
    return { x: x(point.time) + 10, y: y(point[value]), name, value: duration(point[value]), look };
  };
  // On the side of its line where the 95th percentile does not end.
  const targetSide = y(lastWith(points, end[1])[end[1]]) < y(target) ? 14 : -5;
  const labels = [label('median', 'typical', end[0]), label('p95', 'strong', end[1])];
  endLabels(drawing, labels, top, bottom);
  // At the other end of the scale where the labels of the lines stand in its way.
  const targetAt = y(target) + targetSide;
  const isTaken = labels.some((one) => one.x < right && one.x + measure('median', true) > right - measure('target') - 4
    && targetAt > one.at - 16 && targetAt < one.at + 32);
  drawing.text(isTaken ? left + 4 : right, targetAt, 'target', { anchor: isTaken ? 'start' : 'end', look: 'over' });

  const most = Math.max(...points.map((point) => point.total_closed), 1);
  const height = linearScale(0, most, 0, stripBottom - stripTop);
  const barWidth = Math.min(Math.max(x(step) - x(0) - (points.length > 120 ? 0.2 : 1.5), 0.8), WIDEST_BAR);
  for (const point of points) {
    const tall = height(point.total_closed);
    drawing.bar(x(point.time) - barWidth / 2, stripBottom - tall, barWidth, tall, 'bar');
  }
  drawing.text(left, stripTop - 7, `closed, up to ${number(most)} a ${unit}`);
  drawing.line(left, crisp(stripBottom), right, crisp(stripBottom), 'grid');
  for (const tick of calendarTicks(first, last, x, narrow ? 62 : 76)) {
    const at = x(tick.time);
    drawing.line(crisp(at), stripBottom, crisp(at), stripBottom + 5, 'grid');
    drawing.text(Math.min(Math.max(at, left + 12), right - 12), stripBottom + 20, tick.label, { anchor: 'middle' });
  }
  return drawing.svg;
}

// Classes of durations as wide as each other on paper; the curve above says what share has been resolved up to each edge.
function distributionChart(width, { classes, median, p95, shareWithin }) {
  const narrow = width < NARROW;
  const left = measure('100 %') + 10;
  const right = width - (narrow ? 2 : 24);
  const curveTop = 22;
  const curveBottom = curveTop + (narrow ? 110 : 140);
  const barsTop = curveBottom + 34;
  const barsBottom = barsTop + (narrow ? 110 : 140);
  const drawing = new Drawing(width, barsBottom + 26);
  const wide = (right - left) / classes.length;
  const edge = (i) => left + i * wide;
  const share = linearScale(0, 1, curveBottom, curveTop);

  // Within a class, time goes on as on the scale of its edges.
  const place = (hours) => {
    const i = Math.max(classes.findIndex((one) => one.up_to_hours === null || hours <= one.up_to_hours), 0);
    const { above_hours: from, up_to_hours: to } = classes[i];
    if (to === null) return edge(i + 0.5);
    return edge(i + (from > 0 ? Math.log(hours / from) / Math.log(to / from) : hours / to));
  };

  for (const level of [0, 0.5, 0.95]) {
    drawing.line(left, crisp(share(level)), right, crisp(share(level)), 'grid');
    drawing.text(left - 8, share(level) + 4.5, percent(level), { anchor: 'end' });
  }
  // Through the two that are known within a class, too, or these would lie beside the line.
  const known = [[place(median), share(0.5)], [place(p95), share(0.95)]];
  const edges = [[edge(0), share(0)], ...classes.map((one, i) => [edge(i + 1), share(one.cumulative_share)])];
  drawing.path([...edges, ...known].sort((a, b) => a[0] - b[0] || b[1] - a[1]), 'line');
  const label = (hours, level, text, look, guide) => {
    const at = place(hours);
    drawing.line(at, share(level), at, barsBottom, guide);
    drawing.dot(at, share(level), 4, `dot full${look === 'typical' ? ' typical' : ''}`);
    const room = measure(text, true) + 10;
    const [x, anchor] = at - room > left ? [at - 9, 'end'] : at + room < width ? [at + 9, 'start'] : [width, 'end'];
    drawing.text(x, share(level) + (anchor === 'start' ? 17 : -9), text, { anchor, look: `over ${look}` });
  };
  label(p95, 0.95, `95 of 100 within ${duration(p95)}`, 'strong', 'target');
  label(median, 0.5, `half within ${duration(median)}`, 'typical', 'guide');

  const most = Math.max(...classes.map((one) => one.total_closed), 1);
  const height = linearScale(0, most, 0, barsBottom - barsTop);
  const fits = classes.every((one) => measure(number(one.total_closed)) < wide - 2);
  classes.forEach((one, i) => {
    const tall = height(one.total_closed);
    drawing.bar(edge(i) + 1, barsBottom - tall, wide - 2, tall, 'bar');
    if (fits && one.total_closed > 0) {
      drawing.text(edge(i + 0.5), barsBottom - tall - 6, number(one.total_closed), { anchor: 'middle', look: 'strong over' });
    }
  });
  drawing.line(left, crisp(barsBottom), right, crisp(barsBottom), 'grid');
  let free = -Infinity;
  classes.forEach((one, i) => {
    const text = i === 0 ? '0' : roundDuration(one.above_hours);
    const half = measure(text) / 2;
    drawing.line(crisp(edge(i)), barsBottom, crisp(edge(i)), barsBottom + 5, 'grid');
    if (edge(i) - half < free) return;
    drawing.text(edge(i), barsBottom + 20, text, { anchor: 'middle' });
    free = edge(i) + half + 8;
  });
  return drawing.svg;
}

/*
 * A row a name: from the median to the 95th percentile. Wide, the numbers stand in columns beside it; narrow, the name and
 * its numbers stand above.
 */
function rangeChart(width, { rows, all }) {
  const narrow = width < 640;
  const rowHeight = narrow ? 44 : 26;
  const top = narrow ? 58 : 44;
  const bottom = top + rows.length * rowHeight;
  const drawing = new Drawing(width, bottom + 26);
  const column = 66;
  const names = Math.max(...rows.map((row) => measure(row.name))) + 8;
  const nameWidth = Math.min(names, narrow ? width - 2 * column - 6 : width * 0.3);
  const left = narrow ? 6 : nameWidth + column + 22;
  const right = narrow ? width - 6 : width - 3 * column - 8;
  const { scale: x, ticks } = durationAxis(rows.flatMap((row) => [row.median_hours, row.p95_hours]).concat(all), left, right, 64);
  const anchored = (at, text) => (at < measure(text) / 2 ? 'start' : at > width - measure(text) / 2 ? 'end' : 'middle');

  for (const tick of ticks) {
    drawing.line(crisp(x(tick)), top, crisp(x(tick)), bottom, 'grid');
    drawing.text(x(tick), bottom + 18, roundDuration(tick), { anchor: anchored(x(tick), roundDuration(tick)) });
  }
  drawing.line(x(all), top - 4, x(all), bottom, 'guide');
  const label = `all: ${duration(all)}`;
  const isFirst = !narrow && x(all) - measure(label, true) / 2 < left - 10;  // there the heading of the names' counts ends
  drawing.text(x(all), top - 10, label, { anchor: isFirst ? 'start' : anchored(x(all), label), look: 'typical' });

  const columns = [
    { heading: 'median', end: width - (narrow ? 1 : 2) * column + 4, look: 'typical', value: (row) => duration(row.median_hours) },
    { heading: 'p95', end: width - (narrow ? 0 : column), look: 'strong', value: (row) => duration(row.p95_hours) },
    ...(narrow ? [] : [{ heading: 'closed', end: nameWidth + column, look: '', value: (row) => number(row.total_closed) },
      { heading: 'in 24 h', end: width, look: '', value: (row) => percent(row.share_within_24h) }]),
  ];
  for (const { heading, end } of columns) drawing.text(end, narrow ? 12 : top - 10, heading, { anchor: 'end' });
  rows.forEach((row, i) => {
    const middle = top + i * rowHeight + (narrow ? 32 : 13);
    const line = narrow ? middle - 13 : middle + 4.5;
    const few = row.total_closed < FEW ? ' few' : '';
    drawing.text(0, line, fitted(row.name, nameWidth), { look: `over strong${row.isNobody ? ' aside' : ''}` });
    for (const { end, look, value } of columns) drawing.text(end, line, value(row), { anchor: 'end', look: `over ${look}${few}` });
    drawing.line(x(row.median_hours), middle, x(row.p95_hours), middle, 'range');
    drawing.line(x(row.p95_hours), middle - 5, x(row.p95_hours), middle + 5, 'end');
    drawing.dot(x(row.median_hours), middle, 4.5, `dot full typical${few}`);
  });
  return drawing.svg;
}

// The hours of a week, darker the longer the median. A cell of few is a small dot: there is too little to say.
function weekChart(width, { cells }) {
  const left = measure(width < NARROW ? 'Mon' : 'Wednesday') + 10;
  const pitch = (width - left) / 24;
  const tall = Math.min(Math.max(pitch * 0.72, 20), 30);
  const top = 4;
  const bottom = top + 7 * tall;
  const drawing = new Drawing(width, bottom + 62);
  const told = cells.filter((cell) => cell.total_closed >= FEW_IN_A_CELL);
  const medians = told.map((cell) => cell.median_hours);
  const shade = shadeScale(medians);

  WEEKDAYS.forEach((day, i) => {
    drawing.text(left - 8, top + i * tall + tall / 2 + 4.5, width < NARROW ? day.slice(0, 3) : day, { anchor: 'end' });
  });
  for (const cell of cells) {
    const x = left + cell.hour * pitch;
    const y = top + (cell.weekday - 1) * tall;
    if (cell.total_closed >= FEW_IN_A_CELL) {
      drawing.bar(x + 0.5, y + 0.5, pitch - 1, tall - 1, 'shade', shade(cell.median_hours).toFixed(3));
    } else if (cell.total_closed > 0) {
      drawing.dot(x + pitch / 2, y + tall / 2, 1.5, 'dot');
    }
  }
  for (let hour = 0; hour <= 24; hour += 6) {
    const anchor = hour === 24 ? 'end' : hour === 0 ? 'start' : 'middle';
    drawing.text(left + hour * pitch, bottom + 17, `${String(hour).padStart(2, '0')}:00`, { anchor });
  }
  if (told.length > 0) shadeLegend(drawing, left, bottom + 34, Math.min(width - left, 300), medians, shade);
  return drawing.svg;
}

// Below this many closed conversations a cell of the week has no shade.
const FEW_IN_A_CELL = 5;

// Hours that are much alike have much the same shade: it takes a factor of eight from the lightest to the strongest.
function shadeScale(medians) {
  const [lowest, highest] = [Math.max(Math.min(...medians), MINUTE), Math.max(...medians, MINUTE)];
  const widening = Math.sqrt(Math.max(8 / (highest / lowest), 1));
  return logarithmicScale(lowest / widening, highest * widening, 0.08, 0.95);
}

function shadeLegend(drawing, left, top, width, medians, shade) {
  const sorted = [...medians].sort((a, b) => a - b);
  const levels = [0, 0.25, 0.5, 0.75, 1].map((part) => sorted[Math.round(part * (sorted.length - 1))])
    .filter((level, i, all) => i === 0 || duration(level) !== duration(all[i - 1]));
  const step = width / 5;
  levels.forEach((level, i) => {
    drawing.bar(left + i * step + 0.5, top, step - 1, 8, 'shade', shade(level).toFixed(3));
    drawing.text(left + i * step, top + 24, duration(level));
  });
}

// A row a week of start: what share of its conversations was resolved within each time since they started.
function cohortChart(width, { weeks, hours }) {
  const narrow = width < NARROW;
  const rowHeight = 26;
  const top = 24;
  const drawing = new Drawing(width, top + weeks.length * rowHeight + 4);
  const nameWidth = measure('29 Dec 2025') + 10;
  const countWidth = narrow ? 0 : 76;
  const left = nameWidth + countWidth + (narrow ? 0 : 18);
  const pitch = Math.min((width - left) / hours.length, 104);

  if (!narrow) drawing.text(nameWidth + countWidth, top - 9, 'started', { anchor: 'end' });
  const heading = narrow ? shortDuration : roundDuration;
  hours.forEach((hour, i) => drawing.text(left + (i + 1) * pitch - 8, top - 9, heading(hour), { anchor: 'end' }));
  weeks.forEach((week, row) => {
    const y = top + row * rowHeight;
    drawing.text(0, y + 17.5, dayInWords(week.week), { look: 'strong' });
    if (!narrow) drawing.text(nameWidth + countWidth, y + 17.5, number(week.total_started), { anchor: 'end' });
    week.shares.forEach((share, i) => {
      const x = left + i * pitch;
      if (week.is_complete[i]) drawing.bar(x + 1, y + 1, pitch - 2, rowHeight - 2, 'shade', (share * DARKEST_BEHIND_TEXT).toFixed(3));
      else drawing.bar(x + 1.5, y + 1.5, pitch - 3, rowHeight - 3, 'blank');
      const text = narrow ? percent(share).replace(/\D*%$/, '') : percent(share);
      drawing.text(x + pitch - 8, y + 17.5, text, { anchor: 'end', look: week.is_complete[i] ? 'strong' : 'aside' });
    });
  });
  return drawing.svg;
}

/*
 * What was not closed at the end of each day, open and snoozed, and beneath how it came to that: what entered, and what was closed.
 * Days of which the exports have only a part are outlined.
 */
function backlogChart(width, { days }) {
  const narrow = width < NARROW;
  const labels = backlogLabels(newestWholeDay(days), narrow);
  const top = 6;
  const bottom = top + (narrow ? 180 : 220);
  const middle = bottom + 92;
  const drawing = new Drawing(width, middle + 62);
  const { scale: y, ticks } = countAxis(Math.max(...days.map((day) => day.total)), bottom, top, 36);
  const left = Math.ceil(Math.max(...ticks.map((tick) => measure(number(tick))))) + 10;
  const [first, last] = [days[0].time, days[days.length - 1].time];
  const step = MILLISECONDS_A_DAY;
  const right = rightEnd(left, width, (newestWholeDay(days).time - first + step / 2) / (last - first + step),
    labels.flatMap((label) => [label.name, label.value]));
  const x = linearScale(first - step / 2, last + step / 2, left, right);
  const barWidth = Math.min(Math.max(x(step) - x(0) - (days.length > 40 && narrow ? 0.5 : 1.5), 0.8), WIDEST_BAR);

  for (const tick of ticks) {
    drawing.line(left, crisp(y(tick)), right, crisp(y(tick)), 'grid');
    drawing.text(left - 10, y(tick) + 4.5, number(tick), { anchor: 'end' });
  }
  for (const day of days) {
    const start = x(day.time) - barWidth / 2;
    if (day.is_covered) {
      drawing.bar(start, y(day.total_open), barWidth, bottom - y(day.total_open), 'bar');
      drawing.bar(start, y(day.total), barWidth, y(day.total_open) - y(day.total), 'bar light');
    } else {
      drawing.line(start, crisp(y(day.total)), start + barWidth, crisp(y(day.total)), 'range');
    }
  }
  if (days.some((day) => day.is_covered && day.past_target > 0)) {
    drawing.path(days.map((day) => (day.is_covered ? [x(day.time), y(day.past_target)] : null)), 'line');
  }
  for (const tick of calendarTicks(first, last, x, narrow ? 62 : 76)) {
    const at = x(tick.time);
    drawing.line(crisp(at), bottom, crisp(at), bottom + 5, 'grid');
    drawing.text(Math.min(Math.max(at, left + 12), right - 12), bottom + 20, tick.label, { anchor: 'middle' });
  }
  const labelled = x(newestWholeDay(days).time) + barWidth / 2 + 8;
  endLabels(drawing, labels.map((label) => ({ ...label, x: labelled, y: y(label.level) })), top, bottom);
  drawFlow(drawing, days, { x, left, right, middle, barWidth });
  return drawing.svg;
}

// The parts of a day: how many they are, and at which height each is named.
function backlogLabels({ total_open: open, total_snoozed: snoozed, past_target: past }, narrow) {
  return [
    { count: open, level: open / 2, name: 'open', look: '' },
    { count: snoozed, level: open + snoozed / 2, name: 'snoozed', look: '' },
    { count: past, level: past, name: narrow ? 'past' : 'past target', look: 'strong' },
  ].filter(({ count }) => count > 0).map((label) => ({ ...label, value: number(label.count) }));
}

// Upward what entered, downward what was closed, on one scale.
function drawFlow(drawing, days, { x, left, right, middle, barWidth }) {
  const [entered, closed] = ['entered', 'closed'].map((name) => Math.max(...days.map((day) => day[name])));
  const height = linearScale(0, Math.max(entered, closed, 1), 0, 34);
  for (const day of days) {
    const start = x(day.time) - barWidth / 2;
    drawing.bar(start, middle - height(day.entered), barWidth, height(day.entered), day.isWhole ? 'bar' : 'blank');
    drawing.bar(start, middle, barWidth, height(day.closed), day.isWhole ? 'bar' : 'blank');
  }
  drawing.line(left, crisp(middle), right, crisp(middle), 'grid');
  drawing.text(left, middle - 42, `opened or reopened, up to ${number(entered)} a day`);
  drawing.text(left, middle + 52, `closed, up to ${number(closed)} a day`);
}

// A row an age: how many go on, those past their target in ink.
function ageChart(width, { ages }) {
  const rowHeight = 30;
  const drawing = new Drawing(width, ages.length * rowHeight + 4);
  const left = Math.max(...ages.map((age) => measure(age.name))) + 12;
  const most = Math.max(...ages.map((age) => age.total), 1);
  const past = width < NARROW ? 'past' : 'past target';
  const note = ({ total, past_target: late }) => (late === 0 ? number(total) : `${number(total)}, ${late === total ? 'all' : number(late)} ${past}`);
  const room = Math.max(...ages.map((age) => measure(note(age)))) + 10;
  const length = linearScale(0, most, 0, Math.max(Math.min(width - left - room, 560), 40));
  ages.forEach((age, i) => {
    const y = i * rowHeight;
    drawing.text(left - 12, y + 19.5, age.name, { anchor: 'end', look: 'strong' });
    drawing.bar(left, y + 6, length(age.past_target), 18, 'bar ink');
    drawing.bar(left + length(age.past_target), y + 6, length(age.total) - length(age.past_target), 18, 'bar');
    drawing.text(left + length(age.total) + 8, y + 19.5, note(age));
  });
  return drawing.svg;
}

/*
 * drawing.js: elements, scales and axes. A chart is a function of the width it has: text stays as large as all other
 * text, and there are as many ticks as there is room for.
 *
 * Text from the database gets into the page here, and only as text.
 */
'use strict';

const SVG = 'http://www.w3.org/2000/svg';

function setAttributes(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? '' : value);
  }
  return node;
}

// An element of HTML; children are elements, or strings that become text.
function element(name, attributes = {}, ...children) {
  const node = setAttributes(document.createElement(name), attributes);
  node.append(...children.filter((child) => child !== null));
  return node;
}

function shape(name, attributes = {}, ...children) {
  const node = setAttributes(document.createElementNS(SVG, name), attributes);
  node.append(...children);
  return node;
}

// Lines that lie on pixels are thin and of one shade.
function crisp(value) {
  return Math.round(value) + 0.5;
}

function tidy(value) {
  return Math.round(value * 10) / 10;
}

// A drawing of its own coordinates, with the few marks that the charts are made of.
class Drawing {
  constructor(width, height) {
    this.svg = shape('svg', { viewBox: `0 0 ${width} ${height}`, width, height });
    this.width = width;
    this.height = height;
  }

  add(name, attributes, ...children) {
    const node = shape(name, attributes, ...children);
    this.svg.append(node);
    return node;
  }

  text(x, y, text, { anchor = 'start', look = null } = {}) {
    return this.add('text', { x: tidy(x), y: tidy(y), 'text-anchor': anchor, class: look }, text);
  }

  line(x1, y1, x2, y2, look) {
    return this.add('line', { x1: tidy(x1), y1: tidy(y1), x2: tidy(x2), y2: tidy(y2), class: look });
  }

  bar(x, y, width, height, look, opacity = null) {
    const [across, down] = [tidy(Math.max(width, 0)), tidy(Math.max(height, 0))];
    return this.add('rect', { x: tidy(x), y: tidy(y), width: across, height: down, class: look, 'fill-opacity': opacity });
  }

  dot(x, y, radius, look) {
    return this.add('circle', { cx: tidy(x), cy: tidy(y), r: radius, class: look });
  }

  // A line through points; where one is null, the line is broken.
  path(points, look) {
    let d = '';
    let pen = 'M';
    for (const point of points) {
      if (point !== null) d += `${pen}${tidy(point[0])} ${tidy(point[1])}`;
      pen = point !== null ? 'L' : 'M';
    }
    return this.add('path', { d, class: look });
  }
}

// Widths of text, measured as it will be drawn.
const measure = (() => {
  const context = document.createElement('canvas').getContext('2d');
  const known = new Map();
  return (text, bold = false) => {
    const key = `${bold}${text}`;
    if (!known.has(key)) {
      context.font = `${bold ? '600 ' : ''}13px ${getComputedStyle(document.body).fontFamily}`;
      known.set(key, context.measureText(text).width);
    }
    return known.get(key);
  };
})();

// As much of a text as fits, cut between characters and never within one.
function fitted(text, width) {
  if (measure(text) <= width) return text;
  const characters = Array.from(text);
  let low = 0;
  let high = characters.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (measure(`${characters.slice(0, middle).join('')}…`) <= width) low = middle;
    else high = middle - 1;
  }
  return `${characters.slice(0, low).join('').trimEnd()}…`;
}

function linearScale(from, to, start, end) {
  return (value) => start + (to === from ? 0 : (value - from) / (to - from)) * (end - start);
}

// What lies below the scale is drawn at its foot.
function logarithmicScale(from, to, start, end) {
  const scale = linearScale(Math.log(from), Math.log(to), start, end);
  return (value) => scale(Math.log(Math.min(Math.max(value, from), to)));
}

// Durations that people have names for, in ever larger steps.
const DURATION_LADDERS = [
  [1, 5, 10, 15, 30, 60, 120, 240, 480, 960, 1440, 2880, 5760, 10080, 20160, 40320, 525600],
  [1, 10, 30, 60, 240, 720, 1440, 4320, 10080, 40320, 525600],
  [1, 10, 60, 360, 1440, 10080, 40320, 525600],
  [1, 60, 1440, 10080, 525600],
  [1, 60, 1440, 40320],
].map((minutes) => minutes.map((minute) => minute * MINUTE));

// A scale that holds all values between two named durations, with as many ticks in between as there is room for.
function durationAxis(values, start, end, room) {
  const positive = values.filter((value) => value !== null && value > 0);
  const lowest = Math.max(Math.min(...positive, Infinity), MINUTE);
  const highest = Math.max(...positive, lowest * 2);
  const from = Number.isFinite(lowest) ? lowest * 0.85 : MINUTE;
  const to = Number.isFinite(highest) ? highest * 1.15 : DAY;
  const scale = logarithmicScale(from, to, start, end);
  const inside = (ladder) => ladder.filter((tick) => tick >= from * 0.999 && tick <= to * 1.001);
  const fits = (ticks) => ticks.every((tick, i) => i === 0 || Math.abs(scale(tick) - scale(ticks[i - 1])) >= room);
  const ladder = DURATION_LADDERS.find((candidate) => fits(inside(candidate))) ?? DURATION_LADDERS[DURATION_LADDERS.length - 1];
  return { scale, ticks: inside(ladder) };
}

// A scale of counts from 0 on, with ticks in steps of 1, 2 or 5, as many as there is room for.
function countAxis(most, start, end, room) {
  const scale = linearScale(0, Math.max(most, 1) * 1.05, start, end);
  let step = 1;
  for (let i = 0; Math.abs(scale(step) - scale(0)) < room; i++) step = [2, 5, 10][i % 3] * 10 ** Math.floor(i / 3);
  const ticks = [];
  for (let tick = 0; tick <= Math.max(most, 1); tick += step) ticks.push(tick);
  return { scale, ticks };
}

// Steps of a calendar from days to years: the first whose labels have room.
function calendarTicks(from, to, scale, room) {
  const steps = [
    (time) => time + MILLISECONDS_A_DAY,
    (time) => time + 7 * MILLISECONDS_A_DAY,
    (time) => time + 14 * MILLISECONDS_A_DAY,
    ...[1, 3, 6, 12, 24, 60].map((months) => (time) => {
      const date = new Date(time);
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1);
    }),
  ];
  const starts = [from, monday(from), monday(from), ...Array(6).fill(null)];
  for (let i = 0; i < steps.length; i++) {
    const ticks = [];
    for (let time = starts[i] ?? yearStart(from); time <= to; time = steps[i](time)) {
      if (time >= from) ticks.push(time);
    }
    if (ticks.every((tick, k) => k === 0 || scale(tick) - scale(ticks[k - 1]) >= room)) {
      return ticks.map((time, k) => ({ time, label: calendarLabel(time, i, k === 0 ? null : ticks[k - 1]) }));
    }
  }
  return [];
}

// The first Monday from then on.
function monday(time) {
  return time + ((8 - new Date(time).getUTCDay()) % 7) * MILLISECONDS_A_DAY;
}

function yearStart(time) {
  return Date.UTC(new Date(time).getUTCFullYear(), 0, 1);
}

// The year is said where it changes, and at the start.
function calendarLabel(time, step, before) {
  const date = new Date(time);
  const newYear = before === null || new Date(before).getUTCFullYear() !== date.getUTCFullYear();
  if (step >= 6) return String(date.getUTCFullYear());
  if (step >= 3) return newYear ? `${MONTHS[date.getUTCMonth()]}${SPACE}${date.getUTCFullYear()}` : MONTHS[date.getUTCMonth()];
  return `${date.getUTCDate()}${SPACE}${MONTHS[date.getUTCMonth()]}`;
}

// The darkest shade leaves the ink readable on it.
const DARKEST_BEHIND_TEXT = 0.3;

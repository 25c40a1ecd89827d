/*
 * words.js: numbers, durations, shares and days as people read them. Nothing is rounded before it gets here, and nothing
 * is rounded up to a claim: 99.97 % is never said to be 100 %. What is not known is a dash, and never 0.
 *
 * Durations are in hours throughout, as the published views have them.
 */
'use strict';

const MINUTE = 1 / 60;
const DAY = 24;
const WEEK = 7 * DAY;
const MILLISECONDS_A_DAY = 86400000;
const DASH = '–';
const SPACE = '\u00a0';  // does not break

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

// Below this many, a 95th percentile lies between the two slowest.
const FEW = 20;

const wholeNumber = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

function number(count) {
  return count === null || count === undefined ? DASH : wholeNumber.format(count);
}

// "1 conversation", "12 conversations"
function counted(count, noun, plural = `${noun}s`) {
  return `${number(count)}${SPACE}${count === 1 ? noun : plural}`;
}

// Two digits, or as many as stand before the point.
function rounded(value) {
  return value < 9.95 && !Number.isInteger(value) ? value.toFixed(1) : wholeNumber.format(value);
}

// The unit in which people would say it, and the number in that unit.
function inUnit(hours) {
  if (hours < 1.5 * MINUTE) return [hours * 3600, 'second', 's'];
  if (hours < 59.5 * MINUTE) return [hours * 60, 'minute', 'min'];
  if (hours < 3 * DAY) return [hours, 'hour', 'h'];
  return [hours / DAY, 'day', 'd'];
}

// "3.9 h"
function duration(hours) {
  if (hours === null || hours === undefined) return DASH;
  const [value, , unit] = inUnit(hours);
  return `${rounded(value)}${SPACE}${unit}`;
}

// "3.9 hours"
function durationInWords(hours) {
  if (hours === null || hours === undefined) return DASH;
  const [value, unit] = inUnit(hours);
  const text = rounded(value);
  return `${text}${SPACE}${text === '1' ? unit : `${unit}s`}`;
}

// The name of a round duration: "10 min", "1 day", "4 weeks"
function roundDuration(hours) {
  const units = [[8760, 'year', 'years'], [WEEK, 'week', 'weeks'], [DAY, 'day', 'days'], [1, 'h', 'h'], [MINUTE, 'min', 'min']];
  for (const [length, unit, plural] of units) {
    const value = Math.round(hours / length);
    if (value > 0 && Math.abs(hours / length - value) < 1e-6) return `${value}${SPACE}${value === 1 ? unit : plural}`;
  }
  return hours === 0 ? '0' : duration(hours);
}

// The same in less room: "1 d"
function shortDuration(hours) {
  return roundDuration(hours).replace(/(\u00a0[dwy])\w+$/, '$1');
}

// "1 to 3 days", "4 h to 1 day"
function durationRange(from, to) {
  const [least, unit] = roundDuration(from).split(SPACE);
  const most = roundDuration(to);
  return `${most.includes(SPACE + unit) ? least : roundDuration(from)} to ${most}`;
}

// Hours with the point always at the same place, for columns.
function hoursColumn(hours) {
  return hours === null || hours === undefined ? DASH
    : hours.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

// A share from 0 to 1 in percent, cut off rather than rounded where rounding would claim all or nothing.
function percent(share, digits = 0) {
  if (share === null || share === undefined) return DASH;
  const step = 10 ** -digits;
  let value = Number((share * 100).toFixed(digits));
  if (value >= 100 && share < 1) value = 100 - step;
  if (value <= 0 && share > 0) return `<${SPACE}${step}${SPACE}%`;
  return `${value.toFixed(digits)}${SPACE}%`;
}

function parseDay(day) {
  return Date.parse(`${day}T00:00:00Z`);
}

function dayOf(time) {
  return new Date(time).toISOString().slice(0, 10);
}

// "5 May", and with the year "5 May 2025"
function dayInWords(day, withYear = true) {
  const [year, month, number] = day.split('-').map(Number);
  return `${number}${SPACE}${MONTHS[month - 1]}${withYear ? `${SPACE}${year}` : ''}`;
}

// "5 May 2025, 14:30" of "2025-05-05 14:30"
function timeInWords(time) {
  return time === null ? DASH : `${dayInWords(time.slice(0, 10))}, ${time.slice(11, 16)}`;
}

// Whose text it is must not change how the text around it reads, whatever its direction.
function isolated(text) {
  return `\u2068${text}\u2069`;
}

// "a, b and c"
function enumeration(words) {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}

// Looks at pages in Debian's Chromium, without a window:
//
//   node look.mjs PAGE.html...            checks every promise below; prints a line for each that is broken
//   node look.mjs lead PAGE.html          prints the first sentence, and the figures in it as a program reads them
//   node look.mjs section ID PAGE.html    prints the text of a section
//   node look.mjs sections PAGE.html      prints their headings, with what one sees who points at them
//
// Where sizes and colours matter, a promise is checked in every view. Chromium is asked, not the source: what counts is
// what people get.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const require = createRequire(new URL('../../build/page/', import.meta.url));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const VIEWS = [
  { name: 'small phone', width: 320 },
  { name: 'phone', width: 390 },
  { name: 'dark phone', width: 360, dark: true, hasRules: true },
  { name: 'desktop', width: 1280, hasRules: true },
  { name: 'dark desktop', width: 1280, dark: true },
  { name: 'paper', width: 718, print: true },
];
const DESKTOP = VIEWS.find(({ name }) => name === 'desktop');

// Opens a page in a view, and hears everything that it says or asks for.
async function open(browser, file, view) {
  const context = await browser.newContext({ viewport: { width: view.width, height: 900 }, colorScheme: view.dark ? 'dark' : 'light' });
  const page = await context.newPage();
  const heard = [];
  page.on('console', (message) => heard.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => heard.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => { heard.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on('request', (request) => {
    if (request.url() !== pathToFileURL(file).href && !request.url().startsWith('data:')) heard.push(`request: ${request.url()}`);
  });
  if (view.print) await page.emulateMedia({ media: 'print' });
  await page.goto(pathToFileURL(file).href);
  await page.waitForFunction(() => [...document.querySelectorAll('.chart')].every((chart) => chart.firstChild));
  return { page, heard, close: () => context.close() };
}

const openTables = (page, count) => page.evaluate((count) => {
  document.querySelectorAll('details').forEach((details, i) => { details.open = i < count; });
}, count);

// Each promise looks at a page and gives what is broken.
const IN_EVERY_VIEW = {
  // Nothing is wider than the page, and no text of a chart lies outside of it.
  fits: async (page) => {
    await openTables(page, Infinity);
    const width = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    const outside = await page.evaluate(() => [...document.querySelectorAll('svg text')].filter((text) => {
      const [box, room] = [text.getBoundingClientRect(), text.ownerSVGElement.getBoundingClientRect()];
      return box.left < room.left - 12 || box.right > room.right + 12;
    }).map((text) => `outside of its chart: ${text.textContent}`));
    return [...(width === 0 ? [] : [`${width} pixels too wide`]), ...outside];
  },

  // No text of a chart lies over another one.
  apart: (page) => page.evaluate(() => [...document.querySelectorAll('svg')].flatMap((svg) => {
    const texts = [...svg.querySelectorAll('text')].map((text) => ({ words: text.textContent, box: text.getBBox() })).filter(({ words }) => words.trim());
    const meet = (a, b) => Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x) > 1 &&
      Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y) > 4;
    return texts.flatMap((one, i) => texts.slice(i + 1).filter((other) => meet(one.box, other.box))
      .map((other) => `"${one.words}" lies over "${other.words}"`));
  })),

  // By the rules of axe; they take long, and one table is as good as all.
  accessible: async (page, view) => {
    if (!view.hasRules) return [];
    await openTables(page, 1);
    await page.evaluate(axe);
    const violations = await page.evaluate(async () => (await window.axe.run(document, { resultTypes: ['violations'] })).violations);
    return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ impact, id, help, nodes }) => `${impact}: ${id}: ${help}: ${nodes[0].html.slice(0, 200)}`);
  },
};

const ON_DESKTOP = {
  // Tab goes through everything that can be worked, the way to the figures first, and one sees where it is.
  keyboard: async (page) => {
    const worked = 'a[href], summary, [tabindex="0"]';
    const broken = [];
    const reached = new Set();
    await openTables(page, 0);
    const total = await page.evaluate((selector) => {
      const nodes = [...document.querySelectorAll(selector)];
      nodes.forEach((node, i) => { node.dataset.order = i; });
      return nodes.filter((node) => node.checkVisibility()).length;
    }, worked);
    for (let i = 0; i <= total; i++) {
      await page.keyboard.press('Tab');
      const focus = await page.evaluate(() => {
        const node = document.activeElement;
        return { order: node.dataset.order, text: node.textContent.slice(0, 40), top: node.getBoundingClientRect().top,
          isSeen: getComputedStyle(node).outlineStyle !== 'none' };
      });
      if (focus.order === undefined) break;
      if (i === 0 && !(focus.text.startsWith('Skip') && focus.top >= 0)) broken.push(`the first stop is "${focus.text}", no way to the figures`);
      if (!focus.isSeen) broken.push(`"${focus.text}" does not show that it has the focus`);
      reached.add(focus.order);
    }
    if (reached.size !== total) broken.push(`${reached.size} of ${total} are reached`);
    const numbers = page.locator('details').first();
    if (await numbers.count() > 0) {
      await numbers.locator('summary').focus();
      await page.keyboard.press('Enter');
      if (!await numbers.evaluate((details) => details.open)) broken.push('Enter does not open the numbers');
    }
    return broken;
  },

  // Who does not see has a sentence, a label and a table for each chart, and headings in order.
  told: (page) => page.evaluate(() => {
    const charts = [...document.querySelectorAll('figure')].map((figure) => ({
      caption: figure.querySelector('figcaption').textContent,
      label: figure.querySelector('svg[role="img"]')?.getAttribute('aria-label') ?? '',
      rows: figure.querySelectorAll('details tbody tr').length,
    }));
    const levels = [...document.querySelectorAll('h1, h2, h3, h4')].map((heading) => Number(heading.tagName[1]));
    const silent = [...document.querySelectorAll('section')].filter((section) => section.children.length < 2);
    return [
      ...charts.filter((chart) => chart.caption.length < 20 || chart.label.length < 20 || chart.rows === 0).map((chart) => JSON.stringify(chart)),
      ...(levels[0] === 1 && levels.every((level, i) => i === 0 || level === 2) ? [] : [`headings: ${levels}`]),
      ...silent.map((section) => `says nothing: ${section.textContent}`),
    ];
  }),

  // Text of the database is text: no element is made of it, whatever it says.
  harmless: (page) => page.evaluate(() => [
    ...[...document.querySelectorAll('body img, iframe, object, embed, base, form, svg image, a:not([href^="#"])')].map((node) => `made of data: ${node.outerHTML}`),
    ...(document.scripts.length === 2 ? [] : ['there are other scripts than the data and the page\'s own']),
    ...(window.harmed === undefined ? [] : ['a script of the data ran']),
  ]),

  // What is not known is not made up: nowhere a word that only programs say. (The last one: it takes the page apart.)
  sound: (page) => page.evaluate(() => {
    document.querySelectorAll('script, style').forEach((node) => node.remove());
    return document.documentElement.outerHTML.match(/.{0,40}\b(NaN|undefined|null|Infinity|\[object)\b.{0,40}/g) ?? [];
  }),
};

// Silent: no error, no warning and not one request, whatever is looked at.
async function look(browser, file) {
  for (const view of VIEWS) {
    const { page, heard, close } = await open(browser, file, view);
    for (const [promise, broken] of Object.entries(view.name === 'desktop' ? { ...IN_EVERY_VIEW, ...ON_DESKTOP } : IN_EVERY_VIEW)) {
      for (const what of await broken(page, view)) console.log(`${promise}: ${file}, ${view.name}: ${what}`);
    }
    heard.forEach((what) => console.log(`silent: ${file}, ${view.name}: ${what}`));
    await close();
  }
}

// Prints what programs can read of the first sentence, and its words.
async function lead(browser, file) {
  const { page, close } = await open(browser, file, DESKTOP);
  console.log(JSON.stringify(await page.evaluate(() => ({
    values: [...document.querySelectorAll('#lead data')].map((node) => Number(node.value)),
    words: document.getElementById('lead').textContent.replace(/\u00a0/g, ' '),
  }))));
  await close();
}

// Prints the text of a section, as it is copied.
async function section(browser, file, id) {
  const { page, close } = await open(browser, file, DESKTOP);
  await openTables(page, Infinity);
  console.log(await page.evaluate((heading) => document.getElementById(heading).parentElement.innerText.replace(/\u00a0/g, ' '), id));
  await close();
}

// Prints the headings of the sections, to each of which the contents must lead.
async function sections(browser, file) {
  const { page, close } = await open(browser, file, DESKTOP);
  console.log(await page.evaluate(() => [...document.querySelectorAll('h2')].map((heading) => {
    const link = document.querySelector(`nav a[href="#${heading.id}"]`)?.textContent ?? '';
    return `${link === heading.textContent ? '' : 'not in the contents: '}${heading.textContent}${heading.title ? ` (${heading.title})` : ''}`;
  }).join('\n')));
  await close();
}

const [first, ...others] = process.argv.slice(2);
// Without a sandbox of its own, for those who are root; it opens only pages that the tests made.
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  if (first === 'lead') await lead(browser, others[0]);
  else if (first === 'sections') await sections(browser, others[0]);
  else if (first === 'section') await section(browser, others[1], others[0]);
  else for (const file of [first, ...others]) await look(browser, file);
} finally {
  await browser.close();
}

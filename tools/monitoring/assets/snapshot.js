// Draws a snapshot: one dashboard at a time, its panels with uPlot in the page's own colours.
'use strict';

const data = JSON.parse(document.getElementById('data').textContent);

/** Lines that still can be told apart; the others are said to be there. */
const MOST_LINES = 12;
const CHART_HEIGHT_PX = 170;
const hues = [216, 28, 165, 275, 330, 50, 190, 0, 110, 245, 80, 300];

const dark = matchMedia('(prefers-color-scheme: dark)');
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const lineColour = (index, alpha = 1) =>
  `hsl(${hues[index % hues.length]} 65% ${dark.matches ? 66 : 44}% / ${alpha})`;

function element(tag, options = {}, ...children) {
  const { className, ...attributes } = options;
  const made = document.createElement(tag);
  if (className) made.className = className;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const digits = (value) => String(Number(value.toPrecision(3)));

/** The largest unit that leaves a figure of one or more. */
const scaled = (value, steps) => {
  const [size, name] = steps.findLast(([least]) => Math.abs(value) >= least) ?? steps[0];
  return `${digits(value / size)} ${name}`.trim();
};
const bytes = (value) =>
  scaled(
    value,
    ['B', 'KiB', 'MiB', 'GiB', 'TiB'].map((name, power) => [1024 ** power, name]),
  );
const seconds = (value) =>
  value === 0
    ? '0'
    : scaled(value, [
        [1e-6, 'µs'],
        [1e-3, 'ms'],
        [1, 's'],
        [60, 'min'],
        [3600, 'h'],
        [86_400, 'd'],
      ]);
const count = (value) =>
  scaled(value, [
    [1, ''],
    [1e3, 'k'],
    [1e6, 'M'],
    [1e9, 'G'],
  ]);

const formats = {
  requestsPerSecond: (value) => `${count(value)}/s`,
  perSecond: (value) => `${count(value)}/s`,
  seconds,
  bytes,
  bytesPerSecond: (value) => `${bytes(value)}/s`,
  // Objectives are told apart by the third digit behind the point.
  share: (value) => `${Number((value * 100).toFixed(value > 0.9 && value < 1 ? 3 : 1))} %`,
  cores: digits,
  count,
  times: (value) => `${digits(value)}×`,
};
const shown = (unit, value) => (value == null ? '–' : formats[unit](value));

const clock = (epochSeconds) => new Date(epochSeconds * 1000).toTimeString().slice(0, 8);
const latest = (values) => values.findLast((value) => value !== null);
const mean = (values) => {
  const known = values.filter((value) => value !== null);
  return known.reduce((sum, value) => sum + value, 0) / known.length;
};

/** Shades every other mark and writes over it what it is. */
const paintMarks = (marks) => (chart) => {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textBaseline = 'top';
  for (const [index, { fromSeconds, toSeconds, text }] of marks.entries()) {
    const left = Math.max(bbox.left, chart.valToPos(fromSeconds, 'x', true));
    const right = Math.min(bbox.left + bbox.width, chart.valToPos(toSeconds, 'x', true));
    if (right <= left) continue;
    ctx.fillStyle = colour('--mark');
    if (index % 2 === 0) ctx.fillRect(left, bbox.top, right - left, bbox.height);
    ctx.fillStyle = colour('--muted');
    if (ctx.measureText(text).width < right - left) ctx.fillText(text, left + 4, bbox.top + 2);
  }
  ctx.restore();
};

/** Each on top of those before it; gaps count as nothing. */
function stacked(lines) {
  let below = lines[0].values.map(() => 0);
  return lines.map(({ values }) => (below = below.map((sum, index) => sum + (values[index] ?? 0))));
}

const axis = (side, size, values) => ({
  side,
  size,
  values,
  stroke: colour('--muted'),
  font: '11px system-ui, sans-serif',
  grid: { stroke: colour('--grid'), width: 1 },
  ticks: { show: false },
});

function chart(into, { unit, kind }, lines, { times, marks }) {
  const isStacked = kind === 'stacked';
  const width = () => Math.max(240, into.clientWidth);
  const plot = new uPlot(
    {
      width: width(),
      height: CHART_HEIGHT_PX,
      padding: [8, 24, 0, 0],
      cursor: { sync: { key: 'snapshot' }, points: { size: 5 }, drag: { x: false } },
      legend: { live: true },
      scales: {
        y: { range: (_chart, least, most) => [Math.min(0, least ?? 0), most > 0 ? most * 1.08 : 1] },
      },
      axes: [
        axis(2, 26, (_chart, ticks) => ticks.map(clock)),
        axis(3, 62, (_chart, ticks) => ticks.map((tick) => shown(unit, tick))),
      ],
      series: [
        { label: 'time', value: (_chart, value) => (value == null ? '–' : clock(value)) },
        ...lines.map(({ label, values }, index) => ({
          label,
          stroke: lineColour(index),
          width: 1.5,
          points: { show: !isStacked && values.filter((value) => value !== null).length < 2 },
          ...(isStacked && { fill: lineColour(index, 0.3) }),
          // The line's own value, not the sum that a stack draws; the latest while nobody points at a moment.
          value: (_chart, _value, _series, at) => shown(unit, at == null ? latest(values) : values[at]),
        })),
      ],
      ...(isStacked && { bands: lines.slice(1).map((_, index) => ({ series: [index + 2, index + 1] })) }),
      hooks: { drawClear: [paintMarks(marks)] },
    },
    [times, ...(isStacked ? stacked(lines) : lines.map(({ values }) => values))],
    into,
  );
  const observer = new ResizeObserver(() => plot.setSize({ width: width(), height: CHART_HEIGHT_PX }));
  observer.observe(into);
  return () => {
    observer.disconnect();
    plot.destroy();
  };
}

const figures = (unit, lines) =>
  element(
    'dl',
    {},
    ...lines.flatMap(({ label, values }) => [
      element('dt', {}, label),
      element('dd', {}, shown(unit, latest(values))),
    ]),
  );

/** The largest lines; of a stack the others are added up, so that its height stays true. */
function fewer({ kind, lines }) {
  if (lines.length <= MOST_LINES) return lines;
  const sorted = lines.toSorted((a, b) => mean(b.values) - mean(a.values));
  if (kind !== 'stacked') return sorted.slice(0, MOST_LINES);
  const rest = sorted.splice(MOST_LINES - 1);
  const sum = (at) => rest.reduce((total, { values }) => total + (values[at] ?? 0), 0);
  return [...sorted, { label: `${rest.length} others`, values: rest[0].values.map((_, at) => sum(at)) }];
}

const explanation = ({ elsewhere }) =>
  element('div', { className: 'empty' }, elsewhere ? `no data: ${elsewhere}` : 'no data');

/** What takes the charts on the page away again. */
const removals = [];

/** The card has to be on the page: a chart is as wide as its place. */
function fill(card, panel, section) {
  for (const failure of panel.failures) card.append(element('div', { className: 'failed' }, failure));
  if (panel.lines.length === 0) {
    if (panel.failures.length === 0) card.append(explanation(panel));
    return;
  }
  if (panel.kind === 'figure') {
    card.append(figures(panel.unit, panel.lines));
    return;
  }
  const lines = fewer(panel);
  const place = element('div');
  card.append(place);
  if (lines.length < panel.lines.length && panel.kind !== 'stacked')
    card.append(
      element('p', { className: 'about' }, `and ${panel.lines.length - lines.length} smaller ones`),
    );
  removals.push(chart(place, panel, lines, section));
}

function panelCard(panel) {
  const card = element('section', { className: 'panel' }, element('h4', {}, panel.title));
  const about = element('p', { className: 'about' }, panel.description);
  if (panel.runbook)
    about.append(
      ` Alerts: ${panel.alerts.join(', ')}. `,
      element('a', { href: panel.runbook }, 'What to do'),
    );
  card.append(about);
  return card;
}

const main = document.querySelector('main');
const nav = element(
  'nav',
  {},
  ...data.sections.map(({ id, title }) => element('a', { href: `#${id}` }, title)),
);
const page = element('div');

/** Only the dashboard that is looked at: two hundred canvases at once are too many for a phone. */
function show() {
  const wanted = location.hash.slice(1);
  const section = data.sections.find(({ id }) => id === wanted) ?? data.sections[0];
  for (const link of nav.children) link.setAttribute('aria-current', String(link.hash === `#${section.id}`));
  for (const remove of removals.splice(0)) remove();
  page.replaceChildren(
    element('h2', {}, section.title),
    element('p', { className: 'sub' }, section.description),
  );
  for (const row of section.rows) {
    page.append(element('h3', {}, row.title));
    for (const isFigure of [true, false]) {
      const panels = row.panels.filter(({ kind }) => (kind === 'figure') === isFigure);
      if (panels.length === 0) continue;
      const cards = panels.map(panelCard);
      page.append(element('div', { className: isFigure ? 'panels figures' : 'panels' }, ...cards));
      for (const [index, panel] of panels.entries()) fill(cards[index], panel, section);
    }
  }
}

const time = (epochSeconds) => new Date(epochSeconds * 1000).toLocaleString();
main.append(
  element('h1', {}, 'Dashboards'),
  element(
    'p',
    { className: 'sub' },
    `${time(data.fromSeconds)} to ${time(data.toSeconds)}, from ${data.prometheusUrl}`,
  ),
  nav,
  page,
);
show();
addEventListener('hashchange', show);
dark.addEventListener('change', show);

// The table of endpoints, which sorts by any column, and that of failures.

import { bytes, clock, count, element, make, ms, write } from './live-words.js';

/** The head of the column has the unit. */
const rate = (value) => (value < 10 ? Number(value.toFixed(1)) : count(value));

/** Times and sizes are best read from the largest down, names from A on. */
const columns = [
  { key: 'name', head: 'Endpoint', text: true, show: (one) => one.name },
  { key: 'requests', head: 'Requests', show: (one) => count(one.requests) },
  { key: 'failed', head: 'Failed', show: (one) => count(one.failed), tone: (one) => one.failed > 0 && 'bad' },
  { key: 'medianMs', head: 'Median', show: (one) => ms(one.medianMs) },
  { key: 'p95Ms', head: 'p95', show: (one) => ms(one.p95Ms) },
  { key: 'p99Ms', head: 'p99', show: (one) => ms(one.p99Ms) },
  { key: 'meanMs', head: 'Average', show: (one) => ms(one.meanMs) },
  { key: 'minMs', head: 'Min', show: (one) => ms(one.minMs) },
  { key: 'maxMs', head: 'Max', show: (one) => ms(one.maxMs) },
  { key: 'meanBytes', head: 'Size', title: 'of an answer, on average', show: (one) => bytes(one.meanBytes) },
  {
    key: 'requestsPerSecond',
    head: 'Requests/s',
    title: 'over the last 10 s',
    show: (one) => rate(one.requestsPerSecond),
  },
  {
    key: 'failuresPerSecond',
    head: 'Failures/s',
    title: 'over the last 10 s',
    show: (one) => rate(one.failuresPerSecond),
    tone: (one) => one.failuresPerSecond > 0 && 'bad',
  },
];

const order = { key: undefined, descending: false };
let shown = { endpoints: [], total: null };

function sorted(endpoints) {
  if (!order.key) return endpoints;
  const sign = order.descending ? -1 : 1;
  const compare = (a, b) =>
    typeof a[order.key] === 'string' ? a[order.key].localeCompare(b[order.key]) : a[order.key] - b[order.key];
  return [...endpoints].sort((a, b) => sign * compare(a, b));
}

function sortBy(column) {
  if (order.key === column.key) order.descending = !order.descending;
  else Object.assign(order, { key: column.key, descending: !column.text });
  for (const head of element('endpoints').querySelectorAll('th')) {
    const own = head.dataset.key === order.key;
    head.setAttribute('aria-sort', own ? (order.descending ? 'descending' : 'ascending') : 'none');
  }
  showEndpoints(shown.endpoints, shown.total);
}

function prepareEndpoints(table) {
  const heads = columns.map((column) => {
    const button = make('button', 'sort', column.head);
    button.type = 'button';
    if (column.title) button.title = column.title;
    button.addEventListener('click', () => sortBy(column));
    const head = make('th', '', button);
    head.scope = 'col';
    head.dataset.key = column.key;
    head.setAttribute('aria-sort', 'none');
    return head;
  });
  table.append(make('thead', '', make('tr', '', ...heads)), make('tbody', ''), make('tfoot', ''));
}

function endpointRow(row, one) {
  columns.forEach((column, index) => {
    const cell = row.children[index] ?? row.appendChild(make(index === 0 ? 'th' : 'td', ''));
    if (index === 0) {
      cell.scope = 'row';
      if (!cell.firstChild) cell.append(make('span', ''), make('small', ''));
      write(cell.firstChild, one.path ? one.name : 'All together');
      write(cell.lastChild, one.path ? `${one.method} ${one.path}` : '');
      return;
    }
    write(cell, column.show(one));
    cell.className = (column.tone && column.tone(one)) || '';
  });
}

function fill(body, items, paint) {
  items.forEach((item, index) => paint(body.children[index] ?? body.appendChild(make('tr', '')), item));
  while (body.children.length > items.length) body.lastChild.remove();
}

export function showEndpoints(endpoints, total) {
  shown = { endpoints, total };
  const table = element('endpoints');
  if (!table.tHead) prepareEndpoints(table);
  fill(table.tBodies[0], sorted(endpoints), endpointRow);
  fill(table.tFoot, total ? [total] : [], endpointRow);
}

export function showFailures(errors) {
  const table = element('failures');
  if (!table.tHead) {
    const heads = ['Endpoint', 'Reason', 'Count', 'First', 'Last'].map((name, index) =>
      make('th', index === 1 ? 'text' : '', name),
    );
    table.append(make('thead', '', make('tr', '', ...heads)), make('tbody', ''));
  }
  element('no-failures').hidden = errors.length > 0;
  table.parentElement.hidden = errors.length === 0;
  write(element('failures-count'), errors.length === 0 ? '' : `${errors.length} kinds`);
  fill(table.tBodies[0], errors, (row, one) => {
    const values = [
      `${one.method} ${one.path}`,
      one.reason,
      count(one.count),
      clock(one.firstSecond),
      clock(one.lastSecond),
    ];
    values.forEach((value, index) => {
      const cell = row.children[index] ?? row.appendChild(make('td', index === 1 ? 'text wrap' : ''));
      write(cell, value);
    });
  });
}

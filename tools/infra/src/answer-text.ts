/** What databases answer, as text for a terminal: for machines that have neither psql nor redis-cli. */

/** A table as psql draws it, numbers to the right. `rows` hold PostgreSQL's own text of each value, null for none. */
export function tableText(columns: readonly string[], rows: readonly (readonly (string | null)[])[]): string {
  const cells = rows.map((row) => row.map((value) => (value ?? '').replaceAll(/\s+/g, ' ')));
  const widths = columns.map((name, at) =>
    Math.max(name.length, ...cells.map((row) => row[at]?.length ?? 0)),
  );
  const numeric = columns.map((_, at) => cells.length > 0 && cells.every((row) => isNumber(row[at])));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => (numeric[at] ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join(' | ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width)).join('-+-');
  const count = `(${rows.length} ${rows.length === 1 ? 'row' : 'rows'})`;
  return [line(columns), rule, ...cells.map(line), count].join('\n');
}

const isNumber = (text = ''): boolean => text === '' || /^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(text);

export type Reply = string | number | null | readonly Reply[];

/** An answer of Redis line by line; what is in a list within a list is indented. */
export function replyText(reply: Reply, indent = ''): string {
  if (typeof reply === 'object' && reply !== null) {
    if (reply.length === 0) return `${indent}(empty)`;
    return reply.map((item) => replyText(item, Array.isArray(item) ? `${indent}  ` : indent)).join('\n');
  }
  if (reply === null) return `${indent}(nil)`;
  const lines = String(reply).replaceAll('\r', '').trimEnd().split('\n');
  return lines.map((line) => `${indent}${line}`).join('\n');
}

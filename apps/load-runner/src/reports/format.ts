// Numbers as people read them.

/** `523µs`, `1.2ms`, `5.2s`, `2m05s`: as k6 prints durations. */
export function formatMs(ms: number): string {
  if (!Number.isFinite(ms)) return 'never';
  if (ms === 0) return '0s';
  if (ms < 1) return `${Math.round(ms * 1000)}µs`;
  if (ms < 1000) return `${short(ms)}ms`;
  if (ms < 60_000) return `${short(ms / 1000)}s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, '0')}s`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${short(value)} ${units[unit]}`;
}

export const formatPercent = (share: number): string => `${(share * 100).toFixed(2)}%`;

/** `1234.5` with separators: `1 234.5`. */
export const formatCount = (value: number, digits = 0): string =>
  value.toFixed(digits).replace(/\B(?=(\d{3})+(?!\d))/g, ' ');

const short = (value: number): string => String(Number(value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)));

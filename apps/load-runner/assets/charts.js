// The charts that report and live page share, drawn with uPlot in the page's own colours.
'use strict';

const charts = (() => {
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const clock = (seconds) => {
    const whole = Math.max(0, Math.round(seconds));
    return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
  };
  const ms = (value) =>
    value == null
      ? '–'
      : value >= 1000
        ? `${Number((value / 1000).toFixed(2))} s`
        : `${Number(value.toFixed(value < 10 ? 2 : 0))} ms`;
  /** Small ones keep decimals: an axis from 0 to 1 would read 0, 0, 1, 1. */
  const count = (value) => {
    if (value == null) return '–';
    const maximumFractionDigits = value < 10 ? 2 : value < 100 ? 1 : 0;
    return value.toLocaleString('en', { maximumFractionDigits });
  };

  /** What each chart shows: a column of the data, its label, colour and unit. */
  const kinds = {
    load: {
      title: 'Users, requests and failures per second',
      series: [
        { key: 'users', label: 'users', colour: '--muted', area: true, scale: 'users', value: count },
        { key: 'requests', label: 'requests/s', colour: '--series-1', scale: 'y', value: count },
        { key: 'failed', label: 'failed/s', colour: '--series-bad', scale: 'y', value: count },
      ],
      axes: { y: 'requests/s', users: 'users' },
      format: count,
    },
    latency: {
      title: 'Service time',
      series: [
        { key: 'p50Ms', label: 'p50', colour: '--series-1', scale: 'y', value: ms },
        { key: 'p95Ms', label: 'p95', colour: '--series-2', scale: 'y', value: ms },
        { key: 'p99Ms', label: 'p99', colour: '--series-3', scale: 'y', value: ms },
      ],
      axes: { y: 'ms' },
      format: ms,
    },
    flow: {
      title: 'Offered, sent and answered per second',
      series: [
        { key: 'offered', label: 'offered/s', colour: '--muted', scale: 'y', value: count },
        { key: 'started', label: 'sent/s', colour: '--series-1', scale: 'y', value: count },
        { key: 'requests', label: 'answered/s', colour: '--series-4', scale: 'y', value: count },
        { key: 'dropped', label: 'dropped/s', colour: '--series-bad', scale: 'y', value: count },
        { key: 'queued', label: 'queue', colour: '--series-3', scale: 'y', value: count },
      ],
      axes: { y: 'requests/s' },
      format: count,
    },
    response: {
      title: 'Response time and service time, p95',
      series: [
        { key: 'responseP95Ms', label: 'response p95', colour: '--series-3', scale: 'y', value: ms },
        { key: 'p95Ms', label: 'service p95', colour: '--series-2', scale: 'y', value: ms },
      ],
      axes: { y: 'ms' },
      format: ms,
    },
    generator: {
      title: 'Generator: delay of its event loop, p99 of each second',
      series: [{ key: 'loopDelayP99Ms', label: 'loop delay', colour: '--series-2', scale: 'y', value: ms }],
      axes: { y: 'ms' },
      format: ms,
    },
  };

  const axis = (scale, side, format) => ({
    scale,
    side,
    stroke: colour('--muted'),
    grid: { show: side !== 1, stroke: colour('--grid'), width: 1 },
    ticks: { show: false },
    size: 58,
    values: (_chart, ticks) => ticks.map((tick) => format(tick)),
  });

  /** Greys the warm-up out: it is drawn, but not counted. */
  const shadeWarmup = (untilSeconds) => (chart) => {
    const right = Math.min(chart.valToPos(untilSeconds, 'x', true), chart.bbox.left + chart.bbox.width);
    if (!(untilSeconds > 0) || right <= chart.bbox.left) return;
    chart.ctx.save();
    chart.ctx.fillStyle = colour('--series-area');
    chart.ctx.fillRect(chart.bbox.left, chart.bbox.top, right - chart.bbox.left, chart.bbox.height);
    chart.ctx.restore();
  };

  const columns = (kind, data) => [data.second, ...kind.series.map(({ key }) => data[key])];

  function draw(element, name, data, warmupSeconds) {
    const kind = kinds[name];
    const height = Number(element.dataset.height ?? 240);
    const chart = new uPlot(
      {
        width: Math.max(280, element.clientWidth),
        height,
        // As much room on the right as the axis of users takes: the time axes of all charts stay aligned.
        padding: [12, kind.axes.users ? 0 : Number(element.dataset.right ?? 58), 0, 0],
        cursor: { sync: { key: 'run' }, points: { size: 6 } },
        legend: { live: true },
        scales: {
          x: { time: false },
          y: { range: (_chart, _min, max) => [0, max > 0 ? max * 1.08 : 1] },
          users: { range: (_chart, _min, max) => [0, max > 0 ? max * 1.08 : 1] },
        },
        axes: [
          {
            ...axis('x', 2, clock),
            size: 30,
            incrs: [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200],
          },
          axis('y', 3, kind.format),
          ...(kind.axes.users ? [axis('users', 1, count)] : []),
        ],
        series: [
          { label: 'time', value: (_chart, value) => (value == null ? '–' : clock(value)) },
          ...kind.series.map((one) => ({
            label: one.label,
            scale: one.scale,
            stroke: colour(one.colour),
            fill: one.area ? colour('--series-area') : undefined,
            width: one.area ? 1 : 1.75,
            points: { show: false },
            value: (_chart, value) => one.value(value),
          })),
        ],
        hooks: { drawClear: [shadeWarmup(warmupSeconds)] },
      },
      columns(kind, data),
      element,
    );
    const observer = new ResizeObserver(() =>
      chart.setSize({ width: Math.max(280, element.clientWidth), height }),
    );
    observer.observe(element);
    return {
      update(next) {
        chart.setData(columns(kind, next));
        // While nobody points at a moment, the legend tells the latest.
        if (!(chart.cursor.left >= 0)) chart.setLegend({ idx: next.second.length - 1 });
      },
      destroy() {
        observer.disconnect();
        chart.destroy();
      },
    };
  }

  /** Draws every element with `data-chart`, and again when the system changes between light and dark. */
  function drawAll(data, warmupSeconds) {
    let drawn = [];
    let latest = data;
    const redraw = () => {
      for (const chart of drawn) chart.destroy();
      drawn = [...document.querySelectorAll('[data-chart]')]
        .filter((element) => element.dataset.chart in kinds)
        .map((element) => draw(element, element.dataset.chart, latest, warmupSeconds));
    };
    redraw();
    const theme = matchMedia('(prefers-color-scheme: dark)');
    theme.addEventListener('change', redraw);
    return {
      update(next) {
        latest = next;
        for (const chart of drawn) chart.update(next);
      },
      destroy() {
        theme.removeEventListener('change', redraw);
        for (const chart of drawn) chart.destroy();
      },
    };
  }

  return { drawAll, kinds, colour, axis, clock, ms, count, shadeWarmup };
})();

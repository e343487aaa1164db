// The charts that only a report has: clouds of points, percentile spectra, the system's own series, one set an endpoint.
'use strict';

const reportCharts = (() => {
  const { colour, axis, clock, ms, count, shadeWarmup } = charts;
  const palette = [1, 3, 4, 2, 5, 6].map((number) => `--series-${number}`);
  const height = 240;

  const bytes = (value) => {
    if (value == null) return '–';
    const units = ['B', 'kB', 'MB', 'GB', 'TB'];
    const power = value < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
    return `${Number((value / 1000 ** power).toPrecision(3))} ${units[power]}`;
  };
  const plain = (value) => (value == null ? '–' : String(Number(value.toPrecision(3))));
  const formats = {
    ms,
    bytes,
    count,
    bytesPerSecond: (value) => (value == null ? '–' : `${bytes(value)}/s`),
    perSecond: (value) => (value == null ? '–' : `${count(value)}/s`),
    share: (value) => (value == null ? '–' : `${Number((value * 100).toFixed(1))} %`),
    cores: plain,
  };
  const fromZero = (_chart, _min, max) => [0, max > 0 ? max * 1.08 : 1];

  function plot(element, { x, series, format, hooks = {}, options = {} }) {
    const width = () => Math.max(260, element.clientWidth);
    const chart = new uPlot(
      {
        width: width(),
        height,
        padding: [12, 24, 0, 0],
        legend: { live: true },
        scales: { x: { time: false }, y: { range: fromZero } },
        axes: [
          { ...axis('x', 2, clock), size: 30, incrs: [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600] },
          axis('y', 3, format),
        ],
        series: [
          { label: 'time', value: (_chart, value) => (value == null ? '–' : clock(value)) },
          ...series.map((one, index) => ({
            label: one.label,
            stroke: colour(one.colour ?? palette[index % palette.length]),
            width: 1.5,
            points: { show: false },
            value: (_chart, value) => format(value),
            ...one.options,
          })),
        ],
        hooks,
        ...options,
      },
      [x, ...series.map(({ values }) => values)],
      element,
    );
    const observer = new ResizeObserver(() => chart.setSize({ width: width(), height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
    };
  }

  const overTime = (data, element, series, format) =>
    plot(element, {
      x: data.second,
      series,
      format,
      hooks: { drawClear: [shadeWarmup(data.warmupSeconds)] },
      options: { cursor: { sync: { key: 'run' } }, padding: [12, 58, 0, 0] },
    });

  /** Each point is a second; early ones are pale, so that one sees which way the run went. */
  function cloud(element, points) {
    const sorted = [...points].sort((a, b) => a.x - b.x);
    const last = Math.max(1, ...points.map(({ second }) => second));
    const paint = (chart) => {
      chart.ctx.save();
      chart.ctx.fillStyle = colour('--series-1');
      for (const { x, y, second } of sorted) {
        if (y == null) continue;
        chart.ctx.globalAlpha = 0.25 + 0.65 * (second / last);
        chart.ctx.beginPath();
        chart.ctx.arc(chart.valToPos(x, 'x', true), chart.valToPos(y, 'y', true), 3 * devicePixelRatio, 0, 7);
        chart.ctx.fill();
      }
      chart.ctx.restore();
    };
    return plot(element, {
      x: sorted.map(({ x }) => x),
      series: [{ label: 'p95', values: sorted.map(({ y }) => y), options: { stroke: 'transparent' } }],
      format: ms,
      hooks: { draw: [paint] },
      options: {
        axes: [{ ...axis('x', 2, (value) => `${count(value)}/s`), size: 30 }, axis('y', 3, ms)],
        scales: { x: { time: false, range: fromZero }, y: { range: fromZero } },
        legend: { show: false },
        cursor: { show: false },
      },
    });
  }

  /** Latency over 1/(1 − p) on a logarithmic axis, as HdrHistogram draws it: the tail gets the room it deserves. */
  function spectrum(element, { x, service, response }) {
    const labels = {
      1: '0 %',
      2: '50 %',
      10: '90 %',
      100: '99 %',
      1000: '99.9 %',
      10000: '99.99 %',
      100000: '99.999 %',
    };
    return plot(element, {
      x,
      series: [
        { label: 'response time', values: response, colour: '--series-3' },
        { label: 'service time', values: service, colour: '--series-1' },
      ],
      format: ms,
      options: {
        axes: [
          {
            ...axis('x', 2, (value) => labels[value] ?? ''),
            size: 30,
            splits: () =>
              Object.keys(labels)
                .map(Number)
                .filter((value) => value <= x[x.length - 1]),
          },
          axis('y', 3, ms),
        ],
        scales: { x: { time: false, distr: 3 }, y: { range: fromZero } },
        series: [
          {
            label: 'percentile',
            value: (_chart, value) => (value == null ? '–' : `${Number((100 - 100 / value).toFixed(4))} %`),
          },
          ...['response time', 'service time'].map((label, index) => ({
            label,
            stroke: colour(index === 0 ? '--series-3' : '--series-1'),
            width: 1.75,
            points: { show: false },
            value: (_chart, value) => ms(value),
          })),
        ],
      },
    });
  }

  const endpointCharts = {
    load: (data, element, one) =>
      overTime(
        data,
        element,
        [
          { label: 'requests/s', values: one.requests },
          { label: 'failed/s', values: one.failed, colour: '--series-bad' },
        ],
        count,
      ),
    latency: (data, element, one) =>
      overTime(
        data,
        element,
        [
          { label: 'p50', values: one.p50Ms },
          { label: 'p95', values: one.p95Ms, colour: '--series-2' },
        ],
        ms,
      ),
    spectrum: (_data, element, one) => spectrum(element, one.spectrum),
    cloud: (data, element, one) =>
      cloud(
        element,
        data.second.map((second, index) => ({ second, x: data.requests[index], y: one.p95Ms[index] })),
      ),
  };

  /** Returns how to take the picture away again; undefined for what assets/charts.js draws. */
  function draw(data, element) {
    const [kind, name, part] = element.dataset.chart.split(':');
    if (kind === 'saturation') {
      return cloud(
        element,
        data.second.map((second, index) => ({ second, x: data.requests[index], y: data.p95Ms[index] })),
      );
    }
    if (kind === 'spectrum') return spectrum(element, data.spectrum);
    if (kind === 'system') {
      const { unit, series } = data.system[Number(name)];
      return overTime(data, element, series, formats[unit] ?? plain);
    }
    if (kind === 'endpoint') return endpointCharts[part](data, element, data.endpoints[name]);
    return undefined;
  }

  /** What is folded away is drawn when it is opened: twenty endpoints with four pictures each are a lot of canvas. */
  function drawAll(data) {
    const drawn = new Map();
    const visible = () =>
      [...document.querySelectorAll('[data-chart]')].filter(
        (element) => !element.closest('details:not([open])'),
      );
    const drawMissing = () => {
      for (const element of visible()) {
        if (!drawn.has(element)) drawn.set(element, draw(data, element));
      }
    };
    drawMissing();
    for (const details of document.querySelectorAll('details'))
      details.addEventListener('toggle', drawMissing);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      for (const remove of drawn.values()) remove?.();
      drawn.clear();
      drawMissing();
    });
    const openLinked = () =>
      document.querySelector(`details[id="${CSS.escape(location.hash.slice(1))}"]`)?.setAttribute('open', '');
    addEventListener('hashchange', openLinked);
    openLinked();
  }

  return { drawAll, plot, spectrum };
})();

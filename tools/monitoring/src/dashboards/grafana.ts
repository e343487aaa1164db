/** A dashboard as Grafana reads it, by Grafana's own builders. */
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as grafana from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as FigureBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as LinesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { units, type Annotation, type Dashboard, type Panel, type Query } from './dashboard.js';
import { scrapeSecondsOf } from './expression.js';

/** As load-testing/monitoring/grafana/provisioning/datasources names it. */
const prometheus = { type: 'prometheus', uid: 'prometheus' } as const;
const TAG = 'flowchart';

/** Of Grafana's 24 columns: four figures, or three charts in a line. */
const figureSize = { w: 6, h: 5 } as const;
const chartSize = { w: 8, h: 8 } as const;

export function asGrafana(dashboard: Dashboard): grafana.Dashboard {
  const builder = new grafana.DashboardBuilder(dashboard.title)
    .uid(dashboard.uid)
    .description(dashboard.description)
    .tags([TAG])
    .readonly()
    .refresh('5s')
    .time({ from: 'now-15m', to: 'now' })
    .timezone('browser')
    .tooltip(grafana.DashboardCursorSync.Crosshair)
    .link(otherDashboards())
    .annotations((dashboard.annotations ?? []).map(asAnnotation))
    .variables([...(dashboard.perService ? [serviceVariable()] : []), runbooksVariable()]);
  let id = 1;
  for (const { title, panels } of dashboard.rows) {
    builder.withRow(new grafana.RowBuilder(title).id(id++));
    for (const panel of panels) builder.withPanel(asPanel(panel, id++, scrapeSecondsOf(dashboard)));
  }
  return builder.build();
}

/** As it is committed. */
export const grafanaJson = (dashboard: Dashboard): string =>
  `${JSON.stringify(asGrafana(dashboard), null, 2)}\n`;

function asPanel(panel: Panel, id: number, scrapeSeconds: number): FigureBuilder | LinesBuilder {
  const { title, unit, queries, runbook, kind = 'lines' } = panel;
  const builder = kind === 'figure' ? figure() : lines(kind);
  return builder
    .id(id)
    .title(title)
    .description(descriptionOf(panel))
    .datasource(prometheus)
    .unit(units[unit])
    .noValue('no data')
    .links(runbook === undefined ? [] : [runbookLink(runbook)])
    .targets(queries.map((query, index) => asTarget(query, index, scrapeSeconds)));
}

const descriptionOf = ({ description, alerts = [], elsewhere }: Panel): string =>
  [
    description,
    ...(alerts.length > 0 ? [`Alerts: ${alerts.join(', ')}.`] : []),
    ...(elsewhere === undefined ? [] : [`Empty where there is nothing to tell of: ${elsewhere}`]),
  ].join('\n\n');

const figure = (): FigureBuilder =>
  new FigureBuilder()
    .span(figureSize.w)
    .height(figureSize.h)
    .graphMode(common.BigValueGraphMode.Area)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']));

function lines(kind: 'lines' | 'stacked'): LinesBuilder {
  const builder = new LinesBuilder()
    .span(chartSize.w)
    .height(chartSize.h)
    .min(0)
    .lineWidth(1)
    .showPoints(common.VisibilityMode.Never)
    .legend(
      new common.VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom),
    )
    .tooltip(
      new common.VizTooltipOptionsBuilder()
        .mode(common.TooltipDisplayMode.Multi)
        .sort(common.SortOrder.Descending),
    );
  return kind === 'stacked'
    ? builder
        .fillOpacity(30)
        .stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal).group('A'))
    : builder.fillOpacity(0);
}

const asTarget = ({ expr, legend }: Query, index: number, scrapeSeconds: number): DataqueryBuilder =>
  new DataqueryBuilder()
    .refId('ABCDEFGHIJ'.charAt(index))
    .datasource(prometheus)
    .expr(expr)
    .legendFormat(legend)
    // The lower limit of `$__interval`, from which `$__rate_interval` follows.
    .interval(`${scrapeSeconds}s`)
    .range();

const serviceVariable = (): grafana.QueryVariableBuilder =>
  new grafana.QueryVariableBuilder('service')
    .label('Service')
    .datasource(prometheus)
    .query('label_values(up{job="services"}, service)')
    .refresh(grafana.VariableRefresh.OnDashboardLoad)
    .sort(grafana.VariableSort.AlphabeticalAsc)
    .current({ text: 'edge-gateway', value: 'edge-gateway', selected: true });

/** Only whoever runs Grafana knows where the documents can be read. */
const runbooksVariable = (): grafana.TextBoxVariableBuilder => {
  const value = 'docs/troubleshooting.md';
  return new grafana.TextBoxVariableBuilder('runbooks')
    .label('Runbooks')
    .description('Address of docs/troubleshooting.md, to which the links of panels lead.')
    .defaultValue(value)
    .current({ text: value, value, selected: true });
};

const runbookLink = (chapter: string): grafana.DashboardLinkBuilder =>
  new grafana.DashboardLinkBuilder('What to do').url(`\${runbooks}#${chapter}`).targetBlank(true);

const otherDashboards = (): grafana.DashboardLinkBuilder =>
  new grafana.DashboardLinkBuilder('Dashboards')
    .type(grafana.DashboardLinkType.Dashboards)
    .tags([TAG])
    .asDropdown(true)
    .keepTime(true);

const asAnnotation = ({ name, expr, text }: Annotation) => ({
  build: () =>
    Object.assign(
      new grafana.AnnotationQueryBuilder()
        .name(name)
        .datasource(prometheus)
        .enable(true)
        .iconColor('blue')
        .expr(expr)
        .build(),
      // Of Prometheus alone, so that the builder does not know them.
      { titleFormat: text, step: '1s', useValueForTime: false },
    ),
});

/** The page of metrics in OpenMetrics' form, the only text that can show exemplars. */
import { Registry } from 'prom-client';

interface Read {
  readonly name: string;
  readonly type: string;
}
interface Readable {
  readonly name: string;
  get(): Promise<Read>;
}

export function openMetricsPage(registry: Registry): Promise<string> {
  const page = new Registry();
  page.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never);
  for (const metric of registry.getMetricsAsArray() as unknown as Readable[])
    page.registerMetric(standIn(metric) as never);
  return page.metrics();
}

/** prom-client renames a counter for good as it writes it so, and could not write it otherwise afterwards. */
const standIn = (metric: Readable): Readable => ({
  name: metric.name,
  get: async () => {
    const read = await metric.get();
    return read.type === 'counter' ? { ...read, name: read.name.replace(/_total$/, '') } : read;
  },
});

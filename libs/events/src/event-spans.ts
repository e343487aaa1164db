// Spans of an event on its way: from the change that it tells of to whoever listens.
import { type DomainEvent, domainEventStream } from '@flowchart/contracts';
import type { Tracing, WorkSpan } from '@flowchart/platform';

/** Has `event` carry on its trace from the span of its sending, where its trace is recorded. */
export function sending(event: DomainEvent, tracing: Tracing): { event: DomainEvent; span?: WorkSpan } {
  const span = tracing.resume(event.traceparent, 'producer', described('send', event));
  return span ? { event: { ...event, traceparent: span.traceparent }, span } : { event };
}

/** The span of what listeners do about `event`. */
export const handling = (event: DomainEvent, tracing: Tracing): WorkSpan | undefined =>
  tracing.resume(event.traceparent, 'consumer', described('process', event));

const described = (operation: 'send' | 'process', { id, type }: DomainEvent) => ({
  name: `${operation} ${domainEventStream}`,
  attributes: {
    'messaging.system': 'redis',
    'messaging.destination.name': domainEventStream,
    'messaging.operation.name': operation,
    'messaging.operation.type': operation,
    'messaging.message.id': id,
    'flowchart.event.type': type,
  },
});

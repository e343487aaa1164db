import { z } from 'zod';

export const eventTypeSchema = z.enum(['course.changed', 'course.deleted', 'degree.changed']);

/** A fact that a service committed; `tags` name the cached answers that it makes untrue. */
export const domainEventSchema = z.object({
  id: z.uuid(),
  type: eventTypeSchema,
  entityId: z.uuid(),
  version: z.int().min(1),
  tags: z.array(z.string().min(1)).min(1),
  occurredAt: z.iso.datetime(),
});
export type DomainEvent = z.infer<typeof domainEventSchema>;

/** Cache tags: every answer that shows an entity carries the entity's tag; every list its collection's. */
export const tags = {
  courses: 'courses',
  course: (code: string) => `course:${code}`,
  degrees: 'degrees',
  degree: (code: string) => `degree:${code}`,
} as const;

/** Response header in which a service lists the tags of an answer, separated by blanks (as CDNs do). */
export const surrogateKeyHeader = 'surrogate-key';

/** The stream all domain events travel on. */
export const domainEventStream = 'flowchart:events';

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
  /** The trace that it happened in, where that is recorded; named and formed as CloudEvents' distributed tracing has it. */
  traceparent: z.string().optional(),
});
export type DomainEvent = z.infer<typeof domainEventSchema>;

/**
 * Cache tags: every answer that shows an entity carries the entity's tag, so a change of it evicts just those. An answer
 * that lists entities carries, besides, a tag for each filter it was made with: those are evicted by a change of what the
 * filter looks at, which may bring an entity into the list or take one out. `courses` is the tag of lists without a filter.
 */
export const tags = {
  courses: 'courses',
  /** Evicted by every change of any course: for answers that show too many to name them. */
  everyCourse: 'courses:every',
  course: (code: string) => `course:${code}`,
  /** Courses by department, level or term. */
  coursesBy: (filter: 'department' | 'level' | 'term', value: string) =>
    `courses:${filter}:${encodeURIComponent(value)}`,
  /** Courses by words in their texts. */
  coursesByText: 'courses:text',
  degrees: 'degrees',
  degree: (code: string) => `degree:${code}`,
} as const;

/** Response header in which a service lists the tags of an answer, separated by blanks (as CDNs do). */
export const surrogateKeyHeader = 'surrogate-key';

/** The stream all domain events travel on. */
export const domainEventStream = 'flowchart:events';

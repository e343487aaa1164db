/** The process's connection to Redis for short commands. */
export const REDIS = Symbol('REDIS');

/** What `EventsModule` was set up with. */
export const EVENTS_OPTIONS = Symbol('EVENTS_OPTIONS');

export interface EventsOptions {
  readonly redisUrl: string;
  /** Name of the service, shown in Redis' client list. */
  readonly service: string;
}

// Which lines are written: a level for all, and levels for loggers of their own, that can be changed as we run.

/** From the least to the most of what is written. */
export const levels = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof levels)[number];

/** The name that all loggers without a level of their own go by. */
export const ROOT = 'ROOT';

const MAX_LOGGERS = 500;
const MAX_NAME_CHARS = 200;

const amounts = new Map<string, number>(levels.map((level, amount) => [level, amount]));
const amountOf = (level: LogLevel): number => amounts.get(level) as number;

export interface LoggerLevels {
  /** Its own, if it has one. */
  readonly configured: LogLevel | null;
  readonly effective: LogLevel;
}

export class LogLevels {
  private root: LogLevel;
  private readonly configured = new Map<string, LogLevel>();
  private readonly seen = new Set<string>();

  constructor(private readonly start: LogLevel) {
    this.root = start;
  }

  allows(level: LogLevel, logger: string | undefined): boolean {
    const own = logger === undefined ? undefined : this.configured.get(logger);
    return amountOf(level) <= amountOf(own ?? this.root);
  }

  /** Makes `logger` known, so that it is listed. */
  noteLogger(logger: string): void {
    if (this.seen.size < MAX_LOGGERS) this.seen.add(logger);
  }

  /**
   * Null takes a logger's own level away, and gives `ROOT` the level of the start back. Tells whether it could: only
   * so many loggers can have levels of their own.
   */
  set(logger: string, level: LogLevel | null): boolean {
    if (logger === ROOT) this.root = level ?? this.start;
    else if (level === null) this.configured.delete(logger);
    else {
      const isNew = !this.configured.has(logger);
      if (isNew && (this.configured.size >= MAX_LOGGERS || logger.length > MAX_NAME_CHARS)) return false;
      this.configured.set(logger, level);
    }
    return true;
  }

  /** Nothing of a logger that nobody has heard of. */
  of(logger: string): LoggerLevels | undefined {
    if (logger === ROOT) return { configured: this.root, effective: this.root };
    const configured = this.configured.get(logger) ?? null;
    if (configured === null && !this.seen.has(logger)) return undefined;
    return { configured, effective: configured ?? this.root };
  }

  /** `ROOT` first. */
  names(): string[] {
    return [ROOT, ...[...new Set([...this.seen, ...this.configured.keys()])].sort()];
  }
}

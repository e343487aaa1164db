/** Lets a few through at a time, keeps some waiting in order, and turns the rest away. */
export class Turnstile {
  private inside = 0;
  private readonly queue: (() => void)[] = [];

  constructor(
    private readonly limits: { readonly atOnce: number; readonly waiting: number },
    private readonly refuse: () => Error,
  ) {}

  get waiting(): number {
    return this.queue.length;
  }

  async pass<T>(work: () => Promise<T>): Promise<T> {
    await this.enter();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private async enter(): Promise<void> {
    if (this.inside < this.limits.atOnce) {
      this.inside++;
      return;
    }
    if (this.queue.length >= this.limits.waiting) throw this.refuse();
    await new Promise<void>((admitted) => this.queue.push(admitted));
  }

  /** The place goes to the next one directly, so that nobody slips in between. */
  private leave(): void {
    const next = this.queue.shift();
    if (next) next();
    else this.inside--;
  }
}

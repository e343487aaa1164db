/** Lets concurrent callers of one key share one piece of work. */
export class SingleFlight<T> {
  private readonly flights = new Map<string, Promise<T>>();

  /** Runs `work`, or joins the run that is under way for `key`. A failure is shared too and never remembered. */
  do(key: string, work: () => Promise<T>): Promise<T> {
    const joined = this.flights.get(key);
    if (joined) return joined;
    const flight = work().finally(() => this.flights.delete(key));
    this.flights.set(key, flight);
    return flight;
  }
}

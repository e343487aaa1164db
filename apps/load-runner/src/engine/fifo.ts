// First in, first out, in a ring that grows: an array's own `shift` moves everything behind it.

export class Fifo<T> {
  private items: (T | undefined)[] = new Array<T | undefined>(16).fill(undefined);
  private head = 0;
  private length = 0;

  get size(): number {
    return this.length;
  }

  push(item: T): void {
    if (this.length === this.items.length) this.grow();
    this.items[(this.head + this.length) % this.items.length] = item;
    this.length++;
  }

  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const item = this.items[this.head];
    this.items[this.head] = undefined;
    this.head = (this.head + 1) % this.items.length;
    this.length--;
    return item;
  }

  private grow(): void {
    const inOrder = [...this.items.slice(this.head), ...this.items.slice(0, this.head)];
    this.items = [...inOrder, ...new Array<T | undefined>(inOrder.length).fill(undefined)];
    this.head = 0;
  }
}

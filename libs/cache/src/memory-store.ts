import type { Codec, Entry } from './entry.js';

interface Node<V> {
  readonly key: string;
  entry: Entry<V>;
  bytes: number;
  visited: boolean;
  newer: Node<V> | undefined;
  older: Node<V> | undefined;
}

/** What an entry costs besides its value: the node, its places in three maps, and the key. */
const OVERHEAD_BYTES = 512;

/**
 * The first level: entries of this process, bounded by bytes.
 *
 * What goes when room is needed is chosen by SIEVE (Zhang et al., NSDI 2024). It is here instead of a library's LRU
 * because a hit only sets a flag, where an LRU relinks its list, and because one pass of random keys passes through
 * without pushing out what is asked for all the time.
 */
export class MemoryStore<V> {
  private readonly nodes = new Map<string, Node<V>>();
  private readonly byTag = new Map<string, Set<Node<V>>>();
  private newest: Node<V> | undefined;
  private oldest: Node<V> | undefined;
  private hand: Node<V> | undefined;
  private usedBytes = 0;

  constructor(
    private readonly maxBytes: number,
    private readonly sizeBytes: Codec<V>['sizeBytes'],
    /** Told of each entry that has to make room for another. */
    private readonly onDisplaced: () => void = () => undefined,
  ) {}

  get size(): number {
    return this.nodes.size;
  }

  get bytes(): number {
    return this.usedBytes;
  }

  get(key: string): Entry<V> | undefined {
    const node = this.nodes.get(key);
    if (node === undefined) return undefined;
    node.visited = true;
    return node.entry;
  }

  set(key: string, entry: Entry<V>): void {
    const before = this.nodes.get(key);
    if (before) this.remove(before);
    const bytes = this.weigh(key, entry);
    if (bytes > this.maxBytes) return;
    while (this.usedBytes + bytes > this.maxBytes) this.makeRoom();
    const visited = before?.visited ?? false;
    this.insert({ key, entry, bytes, visited, newer: undefined, older: this.newest });
  }

  /** Takes account of a value that has grown since it was stored. */
  reweigh(key: string): void {
    const node = this.nodes.get(key);
    if (node === undefined) return;
    this.usedBytes -= node.bytes;
    node.bytes = this.weigh(key, node.entry);
    this.usedBytes += node.bytes;
    while (this.usedBytes > this.maxBytes) this.makeRoom();
  }

  /** Removes what shows any of `tags`, and tells how many entries that were. */
  evict(tags: readonly string[]): number {
    const affected = new Set(tags.flatMap((tag) => [...(this.byTag.get(tag) ?? [])]));
    for (const node of affected) this.remove(node);
    return affected.size;
  }

  /** Puts what `judge` makes of each entry in its place; value and tags must stay. */
  reassess(judge: (entry: Entry<V>) => Entry<V>): void {
    for (const node of this.nodes.values()) node.entry = judge(node.entry);
  }

  private weigh(key: string, { value }: Entry<V>): number {
    return this.sizeBytes(value) + key.length + OVERHEAD_BYTES;
  }

  private insert(node: Node<V>): void {
    if (this.newest) this.newest.newer = node;
    this.newest = node;
    this.oldest ??= node;
    this.nodes.set(node.key, node);
    this.usedBytes += node.bytes;
    for (const tag of node.entry.tags) {
      const tagged = this.byTag.get(tag);
      if (tagged) tagged.add(node);
      else this.byTag.set(tag, new Set([node]));
    }
  }

  private remove(node: Node<V>): void {
    if (this.hand === node) this.hand = node.newer;
    if (node.newer) node.newer.older = node.older;
    else this.newest = node.older;
    if (node.older) node.older.newer = node.newer;
    else this.oldest = node.newer;
    this.nodes.delete(node.key);
    this.usedBytes -= node.bytes;
    for (const tag of node.entry.tags) {
      const tagged = this.byTag.get(tag);
      tagged?.delete(node);
      if (tagged?.size === 0) this.byTag.delete(tag);
    }
  }

  /** The hand goes from old to new, forgives whoever was asked for since it last came by, and takes the first other. */
  private makeRoom(): void {
    let candidate = this.hand ?? this.oldest;
    while (candidate?.visited) {
      candidate.visited = false;
      candidate = candidate.newer ?? this.oldest;
    }
    if (!candidate) return;
    this.hand = candidate.newer;
    this.remove(candidate);
    this.onDisplaced();
  }
}

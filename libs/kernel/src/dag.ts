/** Directed graphs given as "node -> the nodes it needs": cycles, closures and layers. */

export type Requires = ReadonlyMap<string, readonly string[]>;

const NONE: readonly string[] = [];

/**
 * The nodes of one cycle in walking order (first node repeated at the end), or null when the graph has none.
 * Needs that are not nodes themselves are leaves. Iterative depth-first search, O(nodes + edges).
 */
export function findCycle(graph: Requires): string[] | null {
  const done = new Set<string>();
  for (const start of graph.keys()) {
    const cycle = done.has(start) ? null : cycleFrom(start, graph, done);
    if (cycle) return cycle;
  }
  return null;
}

function cycleFrom(start: string, graph: Requires, done: Set<string>): string[] | null {
  const needsOf = (node: string) => (graph.get(node) ?? NONE)[Symbol.iterator]();
  const path = [{ node: start, needs: needsOf(start) }];
  const onPath = new Set([start]);
  for (let top = path.at(-1); top; top = path.at(-1)) {
    const step = top.needs.next();
    if (step.done) {
      done.add(top.node);
      onPath.delete(top.node);
      path.pop();
    } else if (onPath.has(step.value)) {
      const walked = path.map(({ node }) => node);
      return [...walked.slice(walked.indexOf(step.value)), step.value];
    } else if (!done.has(step.value)) {
      path.push({ node: step.value, needs: needsOf(step.value) });
      onPath.add(step.value);
    }
  }
  return null;
}

/** Every node reachable from `roots` through needs, the roots included. */
export function closure(roots: Iterable<string>, graph: Requires): Set<string> {
  const seen = new Set<string>(roots);
  // A Set iterates over what is added while it is walked, so it is its own work list.
  for (const node of seen) for (const need of graph.get(node) ?? NONE) seen.add(need);
  return seen;
}

/**
 * Longest-path layering (Sugiyama et al., 1981): a node's layer is one more than the highest of its needs, 0 without
 * needs. Only needs that are themselves nodes count. Throws RangeError on a cycle.
 */
export function longestPathLayers(graph: Requires): Map<string, number> {
  const cycle = findCycle(graph);
  if (cycle) throw new RangeError(`cannot layer a cycle: ${cycle.join(' -> ')}`);
  const layers = new Map<string, number>();
  const layerOf = (node: string): number => {
    const known = layers.get(node);
    if (known !== undefined) return known;
    const needs = (graph.get(node) ?? NONE).filter((need) => graph.has(need));
    const layer = needs.length === 0 ? 0 : 1 + Math.max(...needs.map(layerOf));
    layers.set(node, layer);
    return layer;
  };
  for (const node of graph.keys()) layerOf(node);
  return layers;
}

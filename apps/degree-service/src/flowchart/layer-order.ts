/** Where in its layer a node stands: next to what it needs and what needs it, so that edges are short and cross little. */

export interface Edge {
  readonly from: string;
  readonly to: string;
}

type Layers = readonly (readonly string[])[];

/** Orders settle after a few sweeps; more of them change nothing that one sees. */
const SWEEPS = 12;

/**
 * Barycentre heuristic (Sugiyama, Tagawa and Toda, 1981): sweeps down and up through the layers, and each node goes to
 * the mean position of its neighbours on the side the sweep comes from. Edges may skip layers. Returns the best order
 * seen, and the same one whatever the order of its input.
 */
export function orderLayers(layers: Layers, given: readonly Edge[]): string[][] {
  // In one order always: sums of fractions depend on it, and with them what is called equal.
  const edges = given.toSorted((a, b) => (a.from + a.to < b.from + b.to ? -1 : 1));
  const above = neighbours(edges, ({ from, to }) => [to, from]);
  const below = neighbours(edges, ({ from, to }) => [from, to]);
  let best = layers.map((layer) => [...layer].sort());
  let order = best;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    order = sweep % 2 === 0 ? sweepDown(order, above) : sweepDown(order.toReversed(), below).toReversed();
    if (edgeLength(order, edges) < edgeLength(best, edges)) best = order;
  }
  return best;
}

/**
 * Sum of the distances that edges run across the layers. Each layer is drawn over the full width, so positions are
 * shares of it: 0.5 is the middle.
 */
export function edgeLength(layers: Layers, edges: readonly Edge[]): number {
  const at = positions(layers);
  return edges.reduce((sum, { from, to }) => sum + Math.abs((at.get(from) ?? 0) - (at.get(to) ?? 0)), 0);
}

type Neighbours = ReadonlyMap<string, readonly string[]>;

function neighbours(edges: readonly Edge[], orient: (edge: Edge) => [string, string]): Neighbours {
  const found = new Map<string, string[]>();
  for (const [node, other] of edges.map(orient)) found.set(node, [...(found.get(node) ?? []), other]);
  return found;
}

function sweepDown(layers: Layers, towards: Neighbours): string[][] {
  const at = positions(layers);
  return layers.map((layer) => {
    const pull = new Map(layer.map((node) => [node, mean(towards.get(node), at) ?? at.get(node) ?? 0]));
    const sorted = [...layer].sort((a, b) => (pull.get(a) ?? 0) - (pull.get(b) ?? 0));
    // The next layer goes by where these stand now.
    for (const [node, position] of positions([sorted])) at.set(node, position);
    return sorted;
  });
}

function mean(nodes: readonly string[] | undefined, at: ReadonlyMap<string, number>): number | undefined {
  return nodes && nodes.reduce((sum, node) => sum + (at.get(node) ?? 0), 0) / nodes.length;
}

const positions = (layers: Layers): Map<string, number> =>
  new Map(
    layers.flatMap((layer) => layer.map((node, index) => [node, (index + 0.5) / layer.length] as const)),
  );

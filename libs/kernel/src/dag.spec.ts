import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { closure, findCycle, longestPathLayers } from './dag.js';

const graph = (edges: Record<string, string[]>) => new Map(Object.entries(edges));

/** Random DAGs: a node may only need nodes with a smaller number. */
const dags = fc
  .integer({ min: 1, max: 25 })
  .chain((size) =>
    fc.tuple(...Array.from({ length: size }, (_, node) => fc.subarray([...Array(node).keys()].map(String)))),
  )
  .map((needs) => new Map(needs.map((need, node) => [String(node), need])));

describe('findCycle', () => {
  it('finds none in a DAG', () => {
    fc.assert(fc.property(dags, (dag) => findCycle(dag) === null));
  });

  it('walks a cycle once around', () => {
    expect(findCycle(graph({ a: ['b'], b: ['c'], c: ['d', 'b'], d: [] }))).toEqual(['b', 'c', 'b']);
  });

  it('sees a node that needs itself', () => {
    expect(findCycle(graph({ a: ['a'] }))).toEqual(['a', 'a']);
  });

  it('finds the cycle that a back edge closes in any DAG', () => {
    fc.assert(
      fc.property(dags, (dag) => {
        const [from, to] = [...dag].find(([, needs]) => needs.length > 0) ?? [];
        if (!from || !to?.[0]) return;
        const closed = new Map(dag).set(to[0], [...(dag.get(to[0]) ?? []), from]);
        const cycle = findCycle(closed) ?? [];
        expect(cycle.length).toBeGreaterThan(1);
        expect(cycle[0]).toBe(cycle.at(-1));
        for (let i = 1; i < cycle.length; i++) expect(closed.get(cycle[i - 1] as string)).toContain(cycle[i]);
      }),
    );
  });

  it('copes with a chain far deeper than the call stack', () => {
    const chain = new Map(Array.from({ length: 100_000 }, (_, i) => [String(i), [String(i + 1)]]));
    expect(findCycle(chain)).toBeNull();
  });
});

describe('closure', () => {
  it('collects everything needed, directly or not', () => {
    const needs = graph({ a: ['b'], b: ['c'], c: [], x: ['y'] });
    expect([...closure(['a'], needs)]).toEqual(['a', 'b', 'c']);
  });
});

describe('longestPathLayers', () => {
  it('puts each node one layer after the last thing it needs', () => {
    fc.assert(
      fc.property(dags, (dag) => {
        const layers = longestPathLayers(dag);
        for (const [node, needs] of dag) {
          const below = needs.map((need) => layers.get(need) as number);
          expect(layers.get(node)).toBe(needs.length === 0 ? 0 : 1 + Math.max(...below));
        }
      }),
    );
  });

  it('ignores needs outside the graph', () => {
    expect(longestPathLayers(graph({ a: ['elsewhere'] })).get('a')).toBe(0);
  });

  it('refuses a cycle and names it', () => {
    expect(() => longestPathLayers(graph({ a: ['b'], b: ['a'] }))).toThrow('a -> b -> a');
  });
});

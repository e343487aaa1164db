import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Edge, edgeLength, orderLayers } from './layer-order.js';

/** Random layers of nodes with edges from earlier layers to later ones. */
const charts = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 6 }).chain((sizes) => {
  const layers = sizes.map((size, layer) => Array.from({ length: size }, (_, index) => `n${layer}.${index}`));
  const possible = layers.flatMap((layer, index) =>
    layer.flatMap((from) =>
      layers.slice(index + 1).flatMap((later) => later.map((to): Edge => ({ from, to }))),
    ),
  );
  return fc.record({ layers: fc.constant(layers), edges: fc.subarray(possible) });
});

describe('orderLayers', () => {
  it('keeps every node in its layer', () => {
    fc.assert(
      fc.property(charts, ({ layers, edges }) => {
        expect(orderLayers(layers, edges).map((layer) => layer.toSorted())).toEqual(
          layers.map((layer) => layer.toSorted()),
        );
      }),
    );
  });

  it('never makes edges longer than they are in the order of the names', () => {
    fc.assert(
      fc.property(charts, ({ layers, edges }) => {
        expect(edgeLength(orderLayers(layers, edges), edges)).toBeLessThanOrEqual(edgeLength(layers, edges));
      }),
    );
  });

  it('does not depend on the order in which it is told of nodes and edges', () => {
    fc.assert(
      fc.property(charts, ({ layers, edges }) => {
        const reversed = layers.map((layer) => layer.toReversed());
        expect(orderLayers(reversed, edges.toReversed())).toEqual(orderLayers(layers, edges));
      }),
    );
  });

  it('straightens parallel chains that are given crosswise', () => {
    const edges = [
      { from: 'a', to: 'z' },
      { from: 'b', to: 'y' },
      { from: 'c', to: 'x' },
      { from: 'z', to: 'l' },
      { from: 'y', to: 'm' },
      { from: 'x', to: 'n' },
    ];
    const layers = [
      ['a', 'b', 'c'],
      ['x', 'y', 'z'],
      ['l', 'm', 'n'],
    ];
    const order = orderLayers(layers, edges);
    expect(edgeLength(order, edges)).toBeCloseTo(0);
    expect(order[0]).toHaveLength(3);
  });

  it('goes by edges that skip layers too', () => {
    const order = orderLayers(
      [['a', 'b'], ['m'], ['x', 'y']],
      [
        { from: 'a', to: 'y' },
        { from: 'b', to: 'x' },
      ],
    );
    expect(order[0]?.indexOf('a')).toBe(order[2]?.indexOf('y'));
  });
});

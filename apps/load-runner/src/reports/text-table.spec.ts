import { expect, it } from '@jest/globals';
import { alignedRows } from './text-table.js';

it('makes columns as wide as their longest cell, texts to the left and numbers to the right', () => {
  const rows = [
    ['name', 'count', 'verdict'],
    ['listCourses', '7', 'held'],
    ['login', '1 234', ''],
  ];
  expect(alignedRows(rows, (column) => column !== 1)).toEqual([
    'name         count  verdict',
    'listCourses      7  held',
    'login        1 234',
  ]);
});

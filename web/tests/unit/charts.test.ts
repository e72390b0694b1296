import { describe, expect, test } from 'vitest';

import { tickFormatOf } from '@/features/usage/metrics';
import { labelledIndexes, niceTicks } from '@/shared/charts/scale';

describe('axis ticks', () => {
  test.each([0.003, 1, 7, 48, 999, 12_345, 8_000_000])('up to %d are round, few and reach the top', (maximum) => {
    const ticks = niceTicks(maximum);
    expect(ticks[0]).toBe(0);
    expect(ticks.at(-1)).toBeGreaterThanOrEqual(maximum);
    expect(ticks.length).toBeLessThanOrEqual(6);
    expect(new Set(ticks).size).toBe(ticks.length);
  });

  test.each([0.000_002, 0.003, 0.04, 0.7, 12, 4500])('of money up to %d dollars all read differently', (maximum) => {
    const printed = niceTicks(maximum).map(tickFormatOf('cost'));
    expect(new Set(printed).size).toBe(printed.length);
  });

  test('of nothing are zero and one', () => {
    expect(niceTicks(0)).toEqual([0, 1]);
  });
});

test('labels of days leave room for each other and always name the last day', () => {
  const labelled = labelledIndexes(30, 320);
  expect(labelled.at(-1)).toBe(29);
  expect(labelled.length).toBeLessThanOrEqual(5);
});

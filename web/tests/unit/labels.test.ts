/** Labels as they are typed: one pair a line. */
import { expect, test } from 'vitest';

import { labelsOf } from '@/shared/fields/LabelsField';

test('each line is a name and a value, and a value may contain an equals sign', () => {
  expect(labelsOf('cost_centre=4711\n\n project = moon=base ')).toEqual({ cost_centre: '4711', project: 'moon=base' });
  expect(labelsOf('')).toEqual({});
});

test('a line that is no pair makes the text no labels', () => {
  expect(labelsOf('cost_centre=4711\nmoon')).toBeNull();
  expect(labelsOf('=4711')).toBeNull();
});

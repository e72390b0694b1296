import { describe, expect, test } from 'vitest';

import { bytes, exactMoney, milliseconds, money, percent, relative } from '@/shared/format';

describe('money', () => {
  test('is shown to the cent', () => {
    expect(money('83.120045')).toBe('$83.12');
  });

  test('below a cent is not shown as nothing', () => {
    expect(money('0.000022')).toBe('< $0.01');
    expect(money('0')).toBe('$0.00');
  });

  test('keeps every digit where exactness is asked for', () => {
    expect(exactMoney('12345678901234.000000000022')).toBe('$12,345,678,901,234.000000000022');
  });
});

describe('times', () => {
  const now = Date.parse('2026-11-22T12:00:00Z');

  test('are told in the largest unit that fits', () => {
    expect(relative('2026-11-25T13:00:00Z', now)).toBe('in 3 days');
    expect(relative('2026-11-22T11:48:00Z', now)).toBe('12 minutes ago');
  });

  test('that just passed are seconds', () => {
    expect(relative('2026-11-22T11:59:50Z', now)).toBe('10 seconds ago');
  });
});

test('durations, shares and sizes carry their unit', () => {
  expect(milliseconds(85.4)).toBe('85 ms');
  expect(milliseconds(1240)).toBe('1.2 sec');
  expect(percent(0.008)).toBe('0.8%');
  expect(percent(0.83)).toBe('83%');
  expect(bytes(40_960)).toBe('41 kB');
});

/** Numbers, money and times as text. Money stays an exact decimal string until the browser's own formatter rounds it. */
import i18next from 'i18next';

const MINUTE = 60;
const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 24 * 60 * MINUTE],
  ['month', 30 * 24 * 60 * MINUTE],
  ['day', 24 * 60 * MINUTE],
  ['hour', 60 * MINUTE],
  ['minute', MINUTE],
];
const CENT = 0.01;

let displayCurrency = 'USD';

/** Sets the currency whose sign amounts carry; amounts are never converted. */
export function setDisplayCurrency(currency: string): void {
  displayCurrency = currency;
}

const language = (): string => i18next.resolvedLanguage ?? 'en';

function currencyFormat(maximumFractionDigits?: number): Intl.NumberFormat {
  return new Intl.NumberFormat(language(), {
    style: 'currency',
    currency: displayCurrency,
    currencyDisplay: 'narrowSymbol',
    maximumFractionDigits,
  });
}

/** An amount to the cent; what is above zero and below a cent reads "< $0.01". */
export function money(amount: string): string {
  const size = Math.abs(Number(amount));
  if (size > 0 && size < CENT) return `< ${currencyFormat().format(CENT)}`;
  return currencyFormat().format(amount as Intl.StringNumericLiteral);
}

/** An amount with every digit it has. */
export const exactMoney = (amount: string): string => currencyFormat(20).format(amount as Intl.StringNumericLiteral);

/** A price, which is often below a cent, without trailing noise. */
export const price = (amount: string): string => currencyFormat(6).format(amount as Intl.StringNumericLiteral);

export const integer = (value: number): string => new Intl.NumberFormat(language()).format(value);

export const compact = (value: number): string =>
  new Intl.NumberFormat(language(), { notation: 'compact', maximumFractionDigits: 1 }).format(value);

/** A share between 0 and 1. */
export const percent = (share: number): string =>
  new Intl.NumberFormat(language(), { style: 'percent', maximumFractionDigits: share < 0.1 ? 1 : 0 }).format(share);

export const dateTime = (instant: string): string =>
  new Intl.DateTimeFormat(language(), { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(instant));

/** A UTC calendar day, short, as it stands on an axis. */
export const shortDay = (day: string): string =>
  new Intl.DateTimeFormat(language(), { month: 'short', day: 'numeric', timeZone: 'UTC' }).format(new Date(day));

/** A UTC calendar day with its year. */
export const day = (moment: string): string => new Intl.DateTimeFormat(language(), { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(moment));

/** A span in the largest unit that measures it whole: 300 is 5 minutes. */
export function seconds(value: number): string {
  const [unit, size] = UNITS.slice(2).find(([, length]) => value % length === 0) ?? ['second', 1];
  return new Intl.NumberFormat(language(), { style: 'unit', unit, unitDisplay: 'long' }).format(value / size);
}

/** How far away an instant is, in the largest unit that fits. */
export function relative(instant: string, now: number = Date.now()): string {
  const seconds = (new Date(instant).getTime() - now) / 1000;
  const formatter = new Intl.RelativeTimeFormat(language(), { numeric: 'auto' });
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1];
  return formatter.format(Math.trunc(seconds / size), unit);
}

/** Milliseconds as people say them: 85 ms, 1.2 s. */
export function milliseconds(value: number): string {
  const [amount, unit] = value < 1000 ? [Math.round(value), 'millisecond'] : [value / 1000, 'second'];
  return new Intl.NumberFormat(language(), { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 }).format(amount);
}

/** Bytes in the largest unit that fits. */
export function bytes(value: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];
  const step = Math.min(units.length - 1, value > 0 ? Math.floor(Math.log10(value) / 3) : 0);
  return new Intl.NumberFormat(language(), {
    style: 'unit',
    unit: units[step] ?? 'byte',
    unitDisplay: 'short',
    maximumFractionDigits: 1,
  }).format(value / 1000 ** step);
}

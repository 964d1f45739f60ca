const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const percent = new Intl.NumberFormat('en', {
  style: 'percent',
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});
const exactPercent = new Intl.NumberFormat('en', { style: 'percent', minimumFractionDigits: 2 });
const threeDigits = new Intl.NumberFormat('en', { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
const twoDigits = new Intl.NumberFormat('en', { maximumSignificantDigits: 2 });
const units = ['B', 'KB', 'MB', 'GB'];

/** The text where there is no number yet. */
export const none = '–';

export function formatWhole(value: number): string {
  return whole.format(value);
}

export function formatLoss(value: number): string {
  if (value === 0) return '0';
  return value < 0.001 ? value.toExponential(1) : threeDigits.format(value);
}

/** A percentage with one decimal, or with two if it is a final result. */
export function formatPercent(value: number, exact = false): string {
  return (exact ? exactPercent : percent).format(value);
}

export function formatRate(value: number): string {
  return twoDigits.format(value);
}

export function formatSpeed(value: number): string {
  return value < 100 ? threeDigits.format(value) : whole.format(value);
}

/** A number of bytes with three digits, in the largest unit that fits. */
export function formatBytes(bytes: number): string {
  if (bytes === 0) return '0 B';
  const power = Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1);
  return `${power === 0 ? whole.format(bytes) : threeDigits.format(bytes / 1024 ** power)} ${units[power] ?? ''}`;
}

/** A duration in words, rounded more the longer it is. */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  const rounded = Math.round(seconds / 5) * 5;
  const minutes = Math.floor(rounded / 60);
  if (minutes < 60) return `${minutes} min ${rounded % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

import { described } from '../tensor/argument';

/** The message of an error, or of whatever else was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : typeof error === 'string' ? error : described(error);
}

/** Writes a duration for people: `30 µs`, `0.2 ms`, `45 ms`, `1.3 s`, `3 min`. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 0.0005) return '0 ms';
  if (milliseconds < 0.0995) return `${Math.round(1000 * milliseconds)} µs`;
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 119_950) return `${(milliseconds / 1000).toFixed(milliseconds < 9950 ? 1 : 0)} s`;
  return `${Math.round(milliseconds / 60_000)} min`;
}

/** Writes bytes for people: `512 B`, `1.5 KB`, `24 MB`. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['KB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[power - 1]!}`;
}

/** Writes how often something happens in a second: `0`, `0.4/s`, `25/s`, `1.2k/s`. */
export function rateText(perSecond: number): string {
  if (perSecond === 0) return '0/s';
  if (perSecond < 9.95) return `${perSecond.toFixed(1)}/s`;
  return `${countText(Math.round(perSecond))}/s`;
}

/** Writes a count in four characters or few more: `950`, `12.4k`, `3.1M`. */
export function countText(count: number): string {
  if (count < 10_000) return String(count);
  return count < 999_950 ? `${(count / 1000).toFixed(1)}k` : `${(count / 1e6).toFixed(1)}M`;
}

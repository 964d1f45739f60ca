const ISO_DATE_TIME = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}.*)$/u;
const ISO_DATE = /^\d{4}(-\d{2}){0,2}$/u;
const ZONE = /(?:Z|GMT|UTC|[+-]\d{2}:?\d{2})\s*(?:\([^)]*\))?$/iu;

/**
 * The milliseconds since 1970 of a text that `Date` reads. Without a zone it is in universal time, so that it means the same on every machine; `Date` itself takes such texts
 * for local time (ECMA-262, section 21.4.3.2). NaN for other texts, and for bare numbers.
 */
export function instantOf(text: string): number {
  const trimmed = text.trim();
  if (ISO_DATE.test(trimmed)) return Date.parse(trimmed);
  if (Number.isFinite(Number(trimmed))) return NaN;
  const [, day, time] = ISO_DATE_TIME.exec(trimmed) ?? [];
  const joined = day && time ? `${day}T${time}` : trimmed;
  const hasZone = ZONE.test(day ? time! : trimmed);
  return Date.parse(hasZone ? joined : day ? `${joined}Z` : `${trimmed} UTC`);
}

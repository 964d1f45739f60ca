/** A year, month or day, and a time with or without its zone. */
const ISO =
  /^(\d{4}(?:-\d\d){0,2})(?:[T ](\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?) ?(?:Z|UTC|GMT|([+-]\d\d):?(\d\d)?)?)?$/iu;
/** What texts of other formats end with (RFC 2822, sections 3.3 and 4.3, and ECMA-262, section 21.4.4.41). */
const ZONE = /(?:Z|GMT|UTC|[ECMP][SD]T|(?:GMT|UTC)?[+-]\d\d:?\d\d)(?: \(.*\))?$/iu;

/**
 * The milliseconds since 1970 of a date as text: in the format of ISO 8601, or another one that `Date` reads, with the whole year. Without a zone it is in universal time, so that it means the same on
 * every machine; `Date` itself takes such texts for local time (ECMA-262, section 21.4.3.2). NaN for other texts, bare numbers, and days that there are not, as 30 February, which `Date`
 * takes for days of the next month.
 */
export function instantOf(text: string): number {
  const trimmed = text.trim();
  const [isIso, day = '', time, hours, minutes = '00'] = ISO.exec(trimmed) ?? [];
  if (isIso === undefined) return otherInstant(trimmed);
  if (!isoText(day)?.startsWith(day)) return NaN;
  return Date.parse(time ? `${day}T${time.replace(',', '.')}${hours ? `${hours}:${minutes}` : 'Z'}` : day);
}

/** Null where it is no date. */
function isoText(text: string): string | null {
  return new Date(text).toJSON();
}

/** The year and the day that `Date` finds have to stand in the text, and so has the month, unless it is a word. */
function otherInstant(text: string): number {
  const zone = text.includes(':') ? (ZONE.exec(text)?.[0] ?? '') : '';
  const local = text.slice(0, text.length - zone.length);
  const date = local.replace(/\d+:[\d:.]+/u, '');
  const numbers = date.match(/\d+/gu)?.map(Number);
  const [year, month, day] = isoText(`${local} UTC`)?.split(/[-T]/u).map(Number) ?? [];
  const wanted = /[a-z]{3}/iu.test(date) ? [year, day] : [year, month, day];
  // Dates with points have the day before the month, other than for `Date`.
  if (date.includes('.') || !wanted.every((number) => numbers?.includes(number!))) return NaN;
  return Date.parse(zone ? text : `${text} UTC`);
}

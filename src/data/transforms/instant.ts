const ISO_DATE = /^\d{4}(?:-\d{2}){0,2}$/u;
const ISO_DATE_TIME =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?) ?(?:(Z|UTC|GMT)|([+-]\d{2}):?(\d{2})?)?$/iu;
/** At the end of other texts: what RFC 2822 (sections 3.3 and 4.3) has for zones. */
const ZONE = /(?:Z|GMT|UTC|[ECMP][SD]T|[+-]\d{2}:?\d{2})$/iu;
const WORD =
  /^(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)[a-z]*|[ap]m|t|z|gmt|utc|[ecmp][sd]t)$/iu;
const MONTH = /jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec/iu;
const TIME = /\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?/gu;

/**
 * The milliseconds since 1970 of a date as text: in the format of ISO 8601, or another one that `Date` reads the same everywhere, with a year of four digits. Without a zone it is in universal
 * time, so that it means the same on every machine; `Date` itself takes such texts for local time (ECMA-262, section 21.4.3.2). NaN for other texts, bare numbers, and days that there are
 * not, as 30 February: `Date` takes those for days of the next month, and any word for a month.
 */
export function instantOf(text: string): number {
  const trimmed = text.trim();
  if (ISO_DATE.test(trimmed)) return isoDay(trimmed);
  const [isDateTime, day = '', time = '', , hours, minutes = '00'] = ISO_DATE_TIME.exec(trimmed) ?? [];
  if (isDateTime === undefined) return otherInstant(trimmed.replace(/\s*\([^)]*\)$/u, ''));
  return (
    isoDay(day) +
    Date.parse(`${day}T${time.replace(',', '.')}${hours ? `${hours}:${minutes}` : 'Z'}`) -
    Date.parse(day)
  );
}

/** NaN for a day that its month has not. */
function isoDay(text: string): number {
  const instant = Date.parse(text);
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(text) ? instant : NaN;
}

/** Other formats. The day in the result has to stand in the text, and the month, unless it is a word. */
function otherInstant(text: string): number {
  const words = text.match(/[^\W\d_]+/gu) ?? [];
  const date = text.replace(TIME, '').replace(ZONE, '');
  // Dates with points have the day before the month, other than for `Date`.
  if (!words.every((word) => WORD.test(word)) || date.includes('.')) return NaN;
  const hasZone = ZONE.test(text);
  const local = new Date(Date.parse(`${hasZone ? text.replace(ZONE, '') : text} UTC`));
  const numbers = new Set(date.match(/\d+/gu)?.map(Number));
  const wanted = [local.getUTCFullYear(), local.getUTCDate()];
  if (!MONTH.test(date)) wanted.push(local.getUTCMonth() + 1);
  if (!/\d{4}/u.test(date) || !wanted.every((number) => numbers.has(number))) return NaN;
  return hasZone ? Date.parse(text) : local.getTime();
}

/** Parts of dates, all in universal time (UTC): the same on every machine. */
const DAY = 86_400_000;

export const dateParts = {
  year: (date: Date) => date.getUTCFullYear(),
  /** 1 to 12. */
  month: (date: Date) => date.getUTCMonth() + 1,
  /** 1 to 31. */
  day: (date: Date) => date.getUTCDate(),
  /** 0 for Monday, to 6. */
  weekday: (date: Date) => (date.getUTCDay() + 6) % 7,
  /** 1 to 366. */
  dayOfYear: (date: Date) => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY) + 1,
  /** With minutes as a fraction: 0 to below 24. */
  hour: (date: Date) => date.getUTCHours() + date.getUTCMinutes() / 60,
  /** With seconds as a fraction. */
  minute: (date: Date) => date.getUTCMinutes() + date.getUTCSeconds() / 60,
} as const satisfies Readonly<Record<string, (date: Date) => number>>;

/** A part of a date. */
export type DatePart = keyof typeof dateParts;

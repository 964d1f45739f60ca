import { described } from '../../tensor/argument';

/** Reads when a value happened. */
export function timeReader<T>(
  name: string,
  time: string | ((value: T) => number | Date | string),
): (value: T) => number {
  return (value) => {
    const found: unknown =
      typeof time === 'function'
        ? time(value)
        : typeof value === 'object' && value !== null && Object.hasOwn(value, time)
          ? (value as Record<string, unknown>)[time]
          : undefined;
    const at =
      typeof found === 'number'
        ? found
        : found instanceof Date || typeof found === 'string'
          ? new Date(found).getTime()
          : NaN;
    if (Number.isFinite(at)) return at;
    const what =
      typeof time === 'string' ? `the column '${time}' of the value` : "what the option 'time' gives";
    throw new Error(
      `${name}: ${what} is ${described(found)}; wanted a time: a finite number, a Date, or its text`,
    );
  };
}

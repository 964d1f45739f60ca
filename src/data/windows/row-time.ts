import { described } from '../../tensor/argument';
import { instantOf } from '../transforms/instant';

/** A number, exactly as a column of text has it (float32 has 24 bits: too few for times since 1970); or a date. */
function timeOfText(text: string): number {
  const number = text.trim() === '' ? NaN : Number(text);
  return Number.isFinite(number) ? number : instantOf(text);
}

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
        : found instanceof Date
          ? found.getTime()
          : typeof found === 'string'
            ? timeOfText(found)
            : NaN;
    if (Number.isFinite(at)) return at;
    const what =
      typeof time === 'string' ? `the column '${time}' of the value` : "what the option 'time' gives";
    throw new Error(
      `${name}: ${what} is ${described(found)}; wanted a time: a finite number, a Date, or its text`,
    );
  };
}

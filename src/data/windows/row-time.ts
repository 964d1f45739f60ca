import type { Observable } from 'rxjs';
import { described } from '../../tensor/argument';
import { blocksOf, runSupply } from '../../streams/blocks/block-source';
import type { Run } from '../../streams/blocks/columns';
import { plainRow } from '../../streams/blocks/row-objects';
import { pulled } from '../../streams/pulling/pull';
import { instantOf } from '../transforms/instant';
import { LEAST_INEXACT } from '../transforms/words';

/** The error for a time that float32 has rounded: it has 24 bits, too few for times since 1970. */
function roundedTime(name: string, column: string, time: number): Error {
  return new Error(
    `${name}: the column '${column}' is float32 and has ${time}, which may have been rounded, since 1970 by minutes; wanted the column as int32 (seconds) or string, which are exact`,
  );
}

/** The same rows. Those directly of a file are looked at in their blocks, which know the types of columns; a row by itself does not. */
export function withExactTimes<T>(name: string, column: string, rows: Observable<T>): Observable<T> {
  const blocks = blocksOf(rows);
  if (blocks?.rowOf !== plainRow) return rows;
  const checkedRow = (run: Run): T => {
    const { names, types } = run.table;
    const place = names.indexOf(column);
    const time = run.columns[place]?.[run.from];
    if (types[place] === 'float32' && Math.abs(time as number) >= LEAST_INEXACT)
      throw roundedTime(name, column, time as number);
    return plainRow(run) as T;
  };
  return pulled(blocks.name, () => runSupply(blocks, 1, checkedRow), blocks.options);
}

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

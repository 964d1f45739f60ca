/** What rows are told apart by: a column, several, a function of the row, or all of it. */
import { described } from '../../tensor/argument';
import { isPlainObject, isTensor } from '../../tensor/container';
import type { Run } from '../../streams/blocks/columns';
import { wordOf, wordsOf } from '../transforms/words';

/** The name of a column, several names, or a function that gives a text or a number for a row. */
export type RowKey<T> = string | readonly string[] | ((row: T) => string | number);

/** @throws unless it is a key */
export function assertRowKey(name: string, option: string, key: unknown): void {
  const areNames = (names: unknown): boolean =>
    Array.isArray(names) && names.length > 0 && names.every((each) => typeof each === 'string');
  if (key === undefined || typeof key === 'string' || typeof key === 'function' || areNames(key)) return;
  throw new Error(
    `${name}: ${option} is ${described(key)}; wanted the name of a column, several names, or a function of a row`,
  );
}

/** The text of a row's key, by the words of its values ({@link wordOf}); of all its columns, in the order of their names, if there is no key. */
export function keyOfRow<T>(name: string, key: RowKey<T> | undefined, row: T): string {
  if (typeof key === 'function') {
    const word: unknown = key(row);
    if (isWord(word)) return wordOf(word);
    throw new Error(
      `${name}: the function 'by' gave ${described(word)} for a row; wanted a text or a number`,
    );
  }
  if (!isPlainObject(row)) {
    if (key === undefined && isWord(row)) return wordOf(row);
    throw new Error(
      `${name}: the value is ${described(row)}; wanted a row, as {x: 1}, or a function of the value as the option 'by'`,
    );
  }
  return joinedKey(columnsOfKey(key, Object.keys(row)), (column) => {
    const value: unknown = Object.hasOwn(row, column) ? row[column] : undefined;
    if (isWord(value)) return wordOf(value);
    const found = isTensor(value) ? 'a tensor' : described(value);
    throw new Error(
      `${name}: the column '${column}' of the row is ${found}; wanted a number, a boolean or a text, or a function as the option 'by'`,
    );
  });
}

/** Gives the text of the key of each row of a run. It is that of the row as an object. */
export function keysOfRun(
  name: string,
  key: string | readonly string[] | undefined,
  { table, columns }: Run,
): (row: number) => string {
  const names = columnsOfKey(key, table.names);
  const places = new Map(table.names.map((column, i) => [column, i]));
  for (const column of names)
    if (!places.has(column))
      throw new Error(
        `${name}: there is no column '${column}'; found ${table.names.map((each) => `'${each}'`).join(', ')}`,
      );
  const words = new Map(
    names.map((column) => {
      const place = places.get(column)!;
      const values = { type: table.types[place]!, values: columns[place]! };
      return [column, wordsOf(name, column, values, ", or other columns as the option 'by'")];
    }),
  );
  return (row) => joinedKey(names, (column) => words.get(column)!(row));
}

function isWord(value: unknown): value is number | string | boolean {
  return ['number', 'string', 'boolean'].includes(typeof value);
}

function columnsOfKey(
  key: string | readonly string[] | undefined,
  all: readonly string[],
): readonly string[] {
  if (typeof key === 'string') return [key];
  return key ?? [...all].sort();
}

/** A single column is its own text; of several, each text stands with its length, so that no two rows have the same by chance. */
function joinedKey(names: readonly string[], textOf: (column: string) => string): string {
  if (names.length === 1) return textOf(names[0]!);
  return names
    .map((column) => {
      const text = textOf(column);
      return `${text.length}:${text}`;
    })
    .join('');
}

/** Applies steps to rows, in blocks and one by one. */
import { described } from '../../tensor/argument';
import { numberTypesOf, withNumberTypes } from '../../tensor/number-types';
import { setOwn } from '../../tensor/own-property';
import { numberTypesFor } from '../../streams/blocks/row-objects';
import type { ColumnType, ColumnValues, Run, Table } from '../../streams/blocks/columns';
import { assertStep } from './check-step';
import { stepKinds } from './kinds';
import type { Column, Columns, Step } from './step';

/** @throws unless they are steps of kinds that there are; and, with `areFitted`, unless each that learns has been fitted. They may come from a file. */
export function assertSteps(
  name: string,
  steps: unknown,
  areFitted: boolean,
): asserts steps is readonly Step[] {
  if (!Array.isArray(steps))
    throw new Error(
      `${name}: argument 'steps' is ${described(steps)}; wanted a list of steps, as [standardise('x')]`,
    );
  steps.forEach((each: unknown, i) => {
    const step = (each ?? {}) as Partial<Step>;
    const at = `${name}: step ${i + 1}`;
    if (typeof step.kind !== 'string' || !Object.hasOwn(stepKinds, step.kind))
      throw new Error(
        `${at} is of the kind ${described(step.kind)}; wanted ${Object.keys(stepKinds).join(', ')}`,
      );
    const { columns, options, fitted } = step;
    if (
      !Array.isArray(columns) ||
      columns.length === 0 ||
      columns.some((column) => typeof column !== 'string') ||
      typeof options !== 'object' ||
      !options
    )
      throw new Error(
        `${at} (${step.kind}) has columns ${described(columns)} and options ${described(options)}; wanted names, and an object`,
      );
    const kind = stepKinds[step.kind]!;
    const given = `${at} (${step.kind}) has`;
    if (new Set(columns).size !== columns.length)
      throw new Error(`${given} columns ${described(columns)}; wanted each once`);
    if (kind.takes === 'one column' && columns.length !== 1)
      throw new Error(`${given} columns ${described(columns)}; wanted one`);
    for (const option of Object.keys(options))
      if (!Object.hasOwn(kind.options, option))
        throw new Error(
          `${given} an option '${option}'; wanted ${Object.keys(kind.options).join(', ') || 'none'}`,
        );
    assertStep(
      { kind: step.kind, columns, options, fitted: fitted ?? null },
      (what, list, found, wanted) =>
        new Error(`${given} the ${what} '${list}' as ${described(found)}; wanted ${wanted}`),
    );
    if (!fitted && areFitted && kind.fit && options.with !== 'constant')
      throw new Error(
        `${at} (${step.kind} of ${columns.join(', ')}) is not fitted; wanted steps that fit() gives, or what it would learn as its option`,
      );
  });
}

/** Whether a step still has to learn. */
export function isUnfitted(step: Step): boolean {
  return step.fitted === null && stepKinds[step.kind]!.fit !== undefined && step.options.with !== 'constant';
}

/** The rows of a run, in columns of their own. */
export function columnsOf({ table, columns, from, to }: Run): Columns {
  const byName = new Map<string, Column>();
  table.names.forEach((name, i) => {
    const values = columns[i]!;
    byName.set(name, {
      type: table.types[i]!,
      values: Array.isArray(values) ? values.slice(from, to) : values.subarray(from, to),
    });
  });
  return { rows: to - from, byName };
}

/**
 * A row as columns of one row each. A value that is null stands for a missing one, as the first of the steps that names its column has it.
 *
 * @throws for what is no row, and for a value that no column can have
 */
export function columnsOfRow(name: string, row: unknown, steps: readonly Step[]): Columns {
  if (typeof row !== 'object' || row === null || Array.isArray(row))
    throw new Error(`${name}: the row is ${described(row)}; wanted an object of columns`);
  const types = numberTypesOf(row);
  const byName = new Map<string, Column>();
  for (const [key, given] of Object.entries(row as Readonly<Record<string, unknown>>)) {
    const value = given ?? missingValue(key, steps) ?? given;
    if (typeof value === 'string') byName.set(key, { type: 'string', values: [value] });
    else if (typeof value === 'boolean')
      byName.set(key, { type: 'bool', values: Uint8Array.of(Number(value)) });
    else if (typeof value === 'number')
      byName.set(key, { type: types?.get(key) ?? 'float32', values: Float64Array.of(value) });
    else {
      const cure = value === null ? `, or a step impute('${key}') before others of the column` : '';
      throw new Error(
        `${name}: the column '${key}' of the row is ${described(value)}; wanted a number, a boolean or a text${cure}`,
      );
    }
  }
  return { rows: 1, byName };
}

/** What stands for a missing value; undefined where none of the steps says. */
function missingValue(column: string, steps: readonly Step[]): number | string | undefined {
  const step = steps.find(({ columns }) => columns.includes(column));
  return step && stepKinds[step.kind]!.missing?.(step);
}

export function applySteps(steps: readonly Step[], columns: Columns): void {
  for (const step of steps) stepKinds[step.kind]!.apply(step, columns);
}

/** Makes runs of columns; runs with the same columns share a table. */
export function runMaker(): (columns: Columns) => Run {
  let table: Table | null = null;
  return ({ byName, rows }) => {
    const names = [...byName.keys()];
    const types: ColumnType[] = [...byName.values()].map(({ type }) => type);
    if (
      !table ||
      names.some((name, i) => name !== table!.names[i]) ||
      types.some((type, i) => type !== table!.types[i]) ||
      names.length !== table.names.length
    )
      table = { names, types };
    return {
      table,
      columns: [...byName.values()].map(({ values }) => values as ColumnValues),
      from: 0,
      to: rows,
    };
  };
}

/** A row of columns of one row. It remembers which of its numbers are int32. */
export function rowOfColumns({ byName }: Columns): object {
  const row: Record<string, unknown> = {};
  for (const [name, { type, values }] of byName)
    setOwn(row, name, type === 'bool' ? values[0] !== 0 : values[0]);
  const numberTypes = numberTypesFor(
    [...byName.keys()],
    [...byName.values()].map(({ type }) => type),
  );
  return numberTypes ? withNumberTypes(row, numberTypes) : row;
}

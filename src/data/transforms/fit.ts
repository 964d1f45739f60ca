import { concatMap, of, type Observable, type OperatorFunction } from 'rxjs';
import { blocksOf, runsOf } from '../../streams/blocks/block-source';
import { plainRow } from '../../streams/blocks/row-objects';
import { operator } from '../../streams/operator';
import { assertSteps, columnsOf, columnsOfRow, isUnfitted } from './apply';
import { stepKinds } from './kinds';
import { columnOf, type Columns, type Fitting, type Step } from './step';

/** How many rows are learned from at once. */
const ROWS = 4096;

/**
 * Lets steps learn from rows, and emits the fitted steps when the rows are over: plain data, which `JSON.stringify`, a {@link checkpoint}'s `keep` and a message to a
 * worker keep. Steps that are fitted, or were given what they would learn, stay as they are.
 *
 * Each step learns from rows as the steps before it leave them, also of columns that one of them makes (as `city=Bern`), so a step that needs what another one has yet to learn waits for a pass of its own: the rows are
 * subscribed to once for each pass. Give rows that can be had again, and those of the training only.
 *
 * ```text
 *  rows                         --{x: 1}--{x: 3}--|
 *  fit([standardise('x')])      ------------------(steps|)
 * ```
 *
 * @throws when an argument is no list of steps; as error notifications, when a column is missing, has no value, or more categories than it may
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { fit, impute, standardise, transform } from 'rxtensor/data';
 * import { csv } from 'rxtensor/files';
 * import { switchMap } from 'rxjs';
 * const rows = csv(new Blob(['x\n1\n\nNA\n3\n']), { columns: { x: 'float32' }, missing: ['NA'] });
 * rows
 *   .pipe(fit([impute('x', { with: 'mean' }), standardise('x')]), switchMap((steps) => rows.pipe(transform(steps), dl.batch(3))))
 *   .subscribe(({ x }) => x!.print()); // -1.22, 0, 1.22
 * ```
 */
export function fit(steps: readonly Step[]): OperatorFunction<object, readonly Step[]> {
  const name = 'fit';
  assertSteps(name, steps, false);
  return (rows) => {
    const pass = (now: readonly Step[]): Observable<readonly Step[]> =>
      now.some(isUnfitted) ? onePass(name, rows, now).pipe(concatMap(pass)) : of(now);
    return pass(steps);
  };
}

/** Fits the steps that can learn from the rows as they are. */
function onePass(
  name: string,
  rows: Observable<object>,
  steps: readonly Step[],
): Observable<readonly Step[]> {
  const blocks = blocksOf(rows);
  const inBlocks = blocks?.rowOf === plainRow ? blocks : null;
  const learn = operator<unknown, readonly Step[]>(name, (output) => {
    const fittings = new Map<Step, Fitting>();
    return {
      next: (value) =>
        learnFrom(
          steps,
          fittings,
          inBlocks ? columnsOf(value as Parameters<typeof columnsOf>[0]) : columnsOfRow(name, value, steps),
        ),
      complete: () => {
        if (fittings.size === 0) {
          output.error(new Error(`${name}: there are no rows to learn from; wanted at least one`));
          return;
        }
        output.emit(() =>
          steps.map((step) => (fittings.has(step) ? { ...step, fitted: fittings.get(step)!.end() } : step)),
        );
        output.complete();
      },
    };
  });
  return learn(inBlocks ? runsOf(inBlocks, ROWS) : rows);
}

function learnFrom(steps: readonly Step[], fittings: Map<Step, Fitting>, columns: Columns): void {
  /** Columns that depend on what a step has yet to learn. */
  const unknown = new Set<string>();
  /** Whether there will be columns whose names are not known yet. */
  let areMoreToCome = false;
  for (const step of steps) {
    const kind = stepKinds[step.kind]!;
    const waits = step.columns.some(
      (column) => unknown.has(column) || (areMoreToCome && !columns.byName.has(column)),
    );
    if (!waits && !isUnfitted(step)) {
      kind.apply(step, columns);
      continue;
    }
    if (!waits) {
      let fitting = fittings.get(step);
      if (!fitting) fittings.set(step, (fitting = kind.fit!(step)));
      fitting.add(
        step.columns.map((column) => columnOf(step, columns, column)),
        columns.rows,
      );
    }
    const writes = kind.writes(step);
    for (const column of writes ?? step.columns) unknown.add(column);
    areMoreToCome ||= writes === null;
  }
}

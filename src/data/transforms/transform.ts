import type { OperatorFunction } from 'rxjs';
import { blocksOf, type BlockSupply } from '../../streams/blocks/block-source';
import { plainRow } from '../../streams/blocks/row-objects';
import { rowsOfBlocks } from '../../streams/blocks/rows-of-blocks';
import { operator } from '../../streams/operator';
import { applySteps, assertSteps, columnsOf, columnsOfRow, rowOfColumns, runMaker } from './apply';
import type { Step } from './step';

/** A row that was prepared: numbers by the names of columns, and texts where a step leaves them. */
export type PreparedRow = Record<string, number>;

/**
 * Applies steps to each row. Directly below a source of rows in blocks (`csv`, `jsonLines`, `parquet`, and `shuffle` below one) it works on whole blocks, and passes blocks on.
 *
 * ```text
 *  rows                --{x: 12}-----{x: 8}-------|
 *  transform(steps)    --{x: 1}------{x: -1}------|     [standardise('x', {mean: [10], scale: [2]})]
 * ```
 *
 * @param steps fitted ones: what {@link fit} gives, what JSON kept of it, or steps that learn nothing
 * @throws when a step is not fitted, or none; as error notifications, when a column is missing or of another type
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { standardise, transform } from 'rxtensor/data';
 * import { csv } from 'rxtensor/files';
 * csv(new Blob(['x\n12\n8\n']), { columns: { x: 'float32' } })
 *   .pipe(transform([standardise('x', { mean: [10], scale: [2] })]), dl.batch(2))
 *   .subscribe(({ x }) => x!.print()); // 1, -1
 * ```
 */
export function transform<R = PreparedRow>(steps: readonly Step[]): OperatorFunction<object, R> {
  const name = 'transform';
  assertSteps(name, steps, true);
  const one = operator<object, R>(name, (output) => ({
    next: (row) => output.emit(() => transformed(name, steps, row) as R),
  }));
  return (source) => {
    const blocks = blocksOf(source);
    // Rows of tensors come from unbatch.
    if (blocks?.rowOf !== plainRow) return one(source);
    return rowsOfBlocks<R>(name, {
      ...blocks,
      open: (startAt) => transformedBlocks(blocks.open(startAt), steps),
    });
  };
}

function transformedBlocks(blocks: BlockSupply, steps: readonly Step[]): BlockSupply {
  const runOf = runMaker();
  return {
    ...blocks,
    take: (limit) => {
      const run = blocks.take(limit);
      if (!run) return null;
      const columns = columnsOf(run);
      applySteps(steps, columns);
      return runOf(columns);
    },
  };
}

/**
 * Applies steps to one row: what {@link transform} does to each, for inference. A value that is null is missing, for steps of columns of numbers and for {@link impute}.
 *
 * @throws as {@link transform}
 * @example
 * ```ts
 * import { standardise, transformRow } from 'rxtensor/data';
 * console.log(transformRow([standardise('x', { mean: [10], scale: [2] })], { x: 12 })); // { x: 1 }
 * ```
 */
export function transformRow<R = PreparedRow>(steps: readonly Step[], row: object): R {
  const name = 'transformRow';
  assertSteps(name, steps, true);
  return transformed(name, steps, row) as R;
}

function transformed(name: string, steps: readonly Step[], row: object): object {
  const columns = columnsOfRow(name, row, steps);
  applySteps(steps, columns);
  return rowOfColumns(columns);
}

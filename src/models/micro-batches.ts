/** Runs of a model for several values at once: values that come while it runs wait, and are joined along their first axis. */
import { concat, dispose, split, tidy, type Tensor } from '../tensor';
import { isTensor, mapContainer, tensorsIn, type TensorContainer } from '../tensor/container';
import { formOf, haveOneForm, rowsOf, type Form } from '../tensor/rows/one-form';
import { partedRows } from '../tensor/rows/parted-rows';

/** How values are joined. */
export interface MicroBatchOptions {
  /** The most rows of a run. */
  readonly maxBatch: number;
  /** How many milliseconds a value waits for others at most. With 0 it waits only while the model runs. */
  readonly maxWait: number;
}

/** A value that waits. */
interface Waiting<T, R> extends Form<{ readonly value: T; readonly tensors: readonly Tensor[] }> {
  /** Its first extent; null if it cannot be joined. */
  readonly rows: number | null;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/** Whether all inputs are tensors or numbers: of arrays, which the model makes tensors of, the rows would not be joined. */
function hasOnlyTensors(value: unknown): boolean {
  const inputs: readonly unknown[] = isTensor(value) ? [] : Object.values(value ?? {});
  return inputs.every((each) => isTensor(each) || typeof each !== 'object');
}

/** One value with the rows of all, which have one form. The caller frees it. */
function joined<T, R>(all: readonly Waiting<T, R>[]): T {
  const [first] = all as [Waiting<T, R>];
  return tidy<T>(() =>
    mapContainer(first.input.value, (tensor) =>
      concat(all.map(({ input }) => input.tensors[first.places.get(tensor)!]!)),
    ),
  );
}

/** Parts a result into so many rows each. @throws when a part of it has another number of rows, or is no tensor */
function parted<R>(operator: string, result: R, rows: readonly number[]): R[] {
  const pieces = new Map<Tensor, readonly Tensor[]>();
  const cut = (tensor: Tensor, request: number): Tensor => {
    const known = pieces.get(tensor) ?? split(tensor, [...rows]);
    pieces.set(tensor, known);
    return known[request]!;
  };
  try {
    return tidy(() => partedRows(result, rows, { isTensor, cut }) as never) as R[];
  } catch (error) {
    throw new Error(`${operator}: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * A function that runs a model on a value, together with others that wait. The tensors of a value must live until its promise has settled.
 *
 * @param run runs the model; gives tensors that nobody owns
 */
export function inMicroBatches<T, R>(
  operator: string,
  run: (value: T) => PromiseLike<R>,
  { maxBatch, maxWait }: MicroBatchOptions,
): (value: T) => Promise<R> {
  let waiting: Waiting<T, R>[] = [];
  let isRunning = false;
  let alarm: ReturnType<typeof setTimeout> | undefined;

  /** Takes the first, and those that can be joined with it. */
  const take = (): Waiting<T, R>[] => {
    const [first] = waiting as [Waiting<T, R>];
    if (first.rows === null) return waiting.splice(0, 1);
    let room = maxBatch - first.rows;
    const taken = waiting.filter((each, i) => {
      if (i === 0) return true;
      if (each.rows === null || each.rows > room || !haveOneForm(first, each)) return false;
      room -= each.rows;
      return true;
    });
    waiting = waiting.filter((each) => !taken.includes(each));
    return taken;
  };
  const answer = async (taken: readonly Waiting<T, R>[]): Promise<void> => {
    try {
      if (taken.length === 1) {
        taken[0]!.resolve(await run(taken[0]!.input.value));
        return;
      }
      const input = joined(taken);
      let result: R | undefined;
      try {
        result = await run(input);
        const parts = parted(
          operator,
          result,
          taken.map(({ rows }) => rows!),
        );
        taken.forEach(({ resolve }, i) => resolve(parts[i]!));
      } finally {
        dispose([input, result] as TensorContainer);
      }
    } catch (error) {
      for (const { reject } of taken) reject(error);
    }
  };
  const rowsThatWait = (): number => waiting.reduce((sum, { rows }) => sum + (rows ?? maxBatch), 0);
  const work = async (): Promise<void> => {
    if (isRunning) return;
    isRunning = true;
    clearTimeout(alarm);
    alarm = undefined;
    // No scope may be open that would own what is made.
    await Promise.resolve();
    // Those that came meanwhile do not wait any longer.
    while (waiting.length > 0) await answer(take());
    isRunning = false;
  };

  return (value) =>
    new Promise((resolve, reject) => {
      const form = formOf({ value, tensors: tensorsIn(value) });
      const rows = hasOnlyTensors(value) ? rowsOf(form.input) : null;
      waiting.push({ ...form, rows, resolve, reject });
      if (maxWait === 0 || rowsThatWait() >= maxBatch) void work();
      else alarm ??= setTimeout(() => void work(), maxWait);
    });
}

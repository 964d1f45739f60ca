/** Runs of a model for several values at once: values that come while it runs wait, and are joined along their first axis. */
import { concat, dispose, split, tidy, type Tensor } from '../tensor';
import { mapContainer, tensorsIn, type TensorContainer } from '../tensor/container';

/** How values are joined. */
export interface MicroBatchOptions {
  /** The most rows of a run. */
  readonly maxBatch: number;
  /** How many milliseconds a value waits for others at most. With 0 it waits only while the model runs. */
  readonly maxWait: number;
}

/** A value that waits. */
interface Waiting<T, R> {
  readonly value: T;
  /** Equal for values that can be joined: they differ in their numbers and first extents alone. */
  readonly form: string;
  /** Its first extent; null if it cannot be joined. */
  readonly rows: number | null;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

function described(value: unknown): { readonly form: string; readonly rows: number | null } {
  const rows = tensorsIn(value).map(({ shape }) => shape[0]);
  const isJoinable = rows.length > 0 && rows.every((count) => count !== undefined && count === rows[0]);
  const form = mapContainer(value, ({ dtype, shape }) => `${dtype} ${shape.slice(1).join()}`);
  return { form: JSON.stringify(form), rows: isJoinable ? rows[0]! : null };
}

/** One value with the rows of all, which have one form. The caller frees it. */
function joined<T>(values: readonly T[]): T {
  return tidy(() => {
    const parts = values.map(tensorsIn);
    const positions = new Map(parts[0]!.map((tensor, i) => [tensor, i]));
    return mapContainer(values[0]!, (tensor) =>
      concat(parts.map((each) => each[positions.get(tensor)!]!)),
    ) as never;
  });
}

/**
 * Parts a result into so many rows each.
 *
 * @throws when a tensor of the result has another number of rows
 */
function parted<R>(operator: string, result: R, rows: readonly number[]): R[] {
  const total = rows.reduce((sum, each) => sum + each, 0);
  return tidy(() => {
    const parts = new Map(
      tensorsIn(result).map((tensor): [Tensor, Tensor[]] => {
        if (tensor.shape[0] === total) return [tensor, split(tensor, [...rows])];
        throw new Error(
          `${operator}: the model gave [${tensor.shape.join(', ')}] for ${total} rows of ${rows.length} values; wanted ${total} rows, or no 'maxBatch'`,
        );
      }),
    );
    return rows.map((_, i) => mapContainer(result, (tensor) => parts.get(tensor)![i])) as never;
  }) as R[];
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
    let room = maxBatch - (first.rows ?? maxBatch);
    const taken = waiting.filter(({ form, rows }, i) => {
      if (i === 0) return true;
      if (rows === null || form !== first.form || rows > room) return false;
      room -= rows;
      return true;
    });
    waiting = waiting.filter((each) => !taken.includes(each));
    return taken;
  };
  const answer = async (taken: readonly Waiting<T, R>[]): Promise<void> => {
    try {
      if (taken.length === 1) {
        taken[0]!.resolve(await run(taken[0]!.value));
        return;
      }
      const input = joined(taken.map(({ value }) => value));
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
      waiting.push({ value, ...described(value), resolve, reject });
      if (maxWait === 0 || rowsThatWait() >= maxBatch) void work();
      else alarm ??= setTimeout(() => void work(), maxWait);
    });
}

import { watchBirths } from './births';
import { observeDevice, type KernelEvent } from './device-observers';
import type { TypedArray } from '../kernels';
import { readsNow, readValues, readValuesNow } from './device';
import { formatShape } from './shape';
import type { Tensor } from './tensor';
import { assertOptions } from './options';

/** The function that ends debug mode; null while it is off. */
let end: (() => void) | null = null;
const warned = new Set<string>();

/** Whether debug mode is on. */
export function isDebugMode(): boolean {
  return end !== null;
}

/**
 * Writes a warning to the console, once for each subject, whether debug mode is on or not.
 *
 * @param about the subject; the message itself when left out
 */
export function warnOnce(message: string, about = message): void {
  if (warned.has(about)) return;
  warned.add(about);
  console.warn(`rxtensor: ${message}`);
}

/** In debug mode, writes a warning to the console, once for each text. */
export function warn(message: string): void {
  if (end !== null) warnOnce(message);
}

const READER = 'debug mode';

/** Throws if an output contains NaN. Where the device can only read asynchronously, it warns when the values have been read. */
function stopAtNaN({ op, outputs, inputs }: KernelEvent): void {
  for (const output of outputs) {
    if (output.dtype !== 'float32') continue;
    const tensors = [output, ...inputs];
    if (tensors.every(readsNow)) {
      const values = readValuesNow(READER, output);
      if (hasNaN(values))
        throw new Error(
          describeNaN(op, tensors, [values, ...inputs.map((each) => readValuesNow(READER, each))]),
        );
    } else {
      void Promise.all(tensors.map((each) => readValues(READER, each))).then(
        (values) => {
          if (hasNaN(values[0]!)) warn(describeNaN(op, tensors, values));
        },
        // The program's own reads report a failing device. An unhandled rejection here would end Node.
        () => undefined,
      );
    }
  }
}

function hasNaN(values: TypedArray): boolean {
  return values.some(Number.isNaN);
}

function describeNaN(
  op: string,
  [output, ...inputs]: readonly Tensor[],
  [, ...values]: readonly TypedArray[],
): string {
  const described = inputs.map(({ dtype, shape }, i) => {
    const bad = hasNaN(values[i]!) ? ', which contains NaN' : '';
    return `input ${i}: ${dtype} of shape ${formatShape(shape)}${bad}`;
  });
  return `${op}: the result of shape ${formatShape(output!.shape)} contains NaN. ${described.join('; ') || 'There are no inputs'}`;
}

/** Warns if a kernel ran on the CPU because the backend in use lacks it. */
function warnOfMissing({ op, kernel, outputs, ranOn }: KernelEvent): void {
  const { name } = outputs[0]!.storage.backend;
  if (ranOn !== name)
    warn(
      `${op}: the backend '${name}' lacks the kernel '${kernel}', which runs on the CPU: its inputs are read, its results written`,
    );
}

/** Writes a line for a kernel to the console: its op, its time, and its inputs and outputs. */
function log({ op, kernel, inputs, outputs, wallMs }: KernelEvent): void {
  const shapes = (tensors: readonly Tensor[]): string =>
    tensors.map(({ dtype, shape }) => `${dtype} ${formatShape(shape)}`).join(', ') || 'nothing';
  const elements = outputs.reduce((sum, { size }) => sum + size, 0);
  console.log(
    `rxtensor: ${op} (${kernel}) ${wallMs.toFixed(3)} ms: ${shapes(inputs)} → ${shapes(outputs)}, ${elements} elements`,
  );
}

/** Options of {@link enableDebugMode}. */
export interface DebugOptions {
  /** Whether each kernel is written to the console, with its time and shapes; true when left out. */
  readonly log?: boolean;
}

/**
 * Turns debug mode on, which is slow. From now on:
 *
 * - every kernel is logged, and its result is read: if it contains NaN, an error names the op and its inputs (a warning does, where the
 *   device can only read asynchronously);
 * - warnings name kernels that the backend lacks, and in streams tensors that nobody frees;
 * - {@link largestTensors} tells where tensors were made.
 *
 * @throws when an option is unknown
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.enableDebugMode();
 * dl.tidy(() => dl.square([1, 2])); // rxtensor: square (unary) 0.012 ms: float32 [2] → float32 [2], 2 elements
 * dl.disableDebugMode();
 * ```
 */
export function enableDebugMode(options?: DebugOptions | null): void {
  const given = options ?? {};
  assertOptions<DebugOptions>('enableDebugMode', given, { log: 1 });
  const isLogging = given.log ?? true;
  end?.();
  watchBirths(true);
  end = observeDevice({
    kernel: (event) => {
      if (isLogging) log(event);
      warnOfMissing(event);
      stopAtNaN(event);
    },
  });
}

/**
 * Turns debug mode off. Kernels are no longer checked or written to the console.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.enableDebugMode({ log: false });
 * dl.disableDebugMode();
 * console.log(dl.env().get('DEBUG')); // false
 * ```
 */
export function disableDebugMode(): void {
  end?.();
  end = null;
  watchBirths(false);
  warned.clear();
}

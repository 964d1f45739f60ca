import { observeKernels, type KernelObserver } from './dispatch';
import { formatShape } from './shape';
import type { Tensor } from './tensor';

let enabled = false;
const warned = new Set<string>();

/** Whether {@link enableDebugMode} was called. */
export function isDebugMode(): boolean {
  return enabled;
}

/** A warning of debug mode, once for each text. */
export function warn(message: string): void {
  if (!enabled || warned.has(message)) return;
  warned.add(message);
  console.warn(`rxtensor: ${message}`);
}

const stopAtNaN: KernelObserver = ({ op, outputs, inputs }) => {
  for (const output of outputs) {
    if (output.dtype !== 'float32' || !output.dataSync().some(Number.isNaN)) continue;
    const described = inputs.map((input, i) => `input ${i}: ${describe(input)}`).join('; ');
    throw new Error(
      `${op}: the result of shape ${formatShape(output.shape)} has NaN in it. ${described || 'There are no inputs'}`,
    );
  }
};

function describe(input: Tensor): string {
  const values = input.dataSync();
  const bad = values.some(Number.isNaN) ? ', with NaN in it' : '';
  return `${input.dtype} of shape ${formatShape(input.shape)}${bad}`;
}

/**
 * From now on every kernel's result is read back (slowly) and an error thrown at the first NaN, which names the op and its
 * inputs; and streams warn of tensors that nobody frees.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.enableDebugMode();
 * dl.disableDebugMode();
 * ```
 */
export function enableDebugMode(): void {
  enabled = true;
  observeKernels(stopAtNaN);
}

/** Ends what {@link enableDebugMode} began. */
export function disableDebugMode(): void {
  enabled = false;
  warned.clear();
  observeKernels(null);
}

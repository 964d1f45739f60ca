import type { Backend, TensorInfo } from '../backend';
import { BYTES_PER_ELEMENT } from '../dtype';
import { CpuBackend } from '../cpu/backend';
import type { KernelAttributes, KernelName } from '../kernel-table';
import { prepareForCpu } from './cpu/executable';
import { WebGLBackend } from '../webgl/backend';
import { prepareForWebGl } from './webgl/executable';
import { outputSlots } from './output-slots';
import type { Operand, Program, Step } from './program';
import type { Schedule } from './schedule';

/** What a run is given, each by position: the backend's handles of arguments and captured tensors, and the attributes that vary. */
export interface ProgramInputs {
  readonly arguments: readonly unknown[];
  readonly captured: readonly unknown[];
  readonly varying: readonly unknown[];
}

/** What a run has done, with the milliseconds that each task took. */
export interface TimedSchedule {
  readonly schedule: Schedule;
  readonly times: readonly number[];
}

/** A program that is ready to run on one backend. */
export interface Executable {
  /** The most bytes that intermediate values take while it runs. */
  readonly arenaBytes: number;
  /**
   * Takes all steps. After an error nothing of its own is left allocated; the outputs are then undefined.
   *
   * @param outputs the handles of the {@link outputSlots}, in their order. Where a backend writes in place, the output of an update may be
   *   the handle of the captured tensor itself
   */
  run(inputs: ProgramInputs, outputs: readonly unknown[]): void;
  /** Does as `run`, and takes the time of each task. Absent where tasks only begin when they are called, as on a GPU. */
  time?(inputs: ProgramInputs, outputs: readonly unknown[]): TimedSchedule;
  /** Frees the constants. It is not run again. */
  dispose(): void;
}

/** Makes a program ready to run on a backend. */
export function prepareProgram(backend: Backend, program: Program): Executable {
  if (backend instanceof CpuBackend) return prepareForCpu(backend, program);
  return backend instanceof WebGLBackend ? prepareForWebGl(backend, program) : stepByStep(backend, program);
}

/** Runs the kernels one after the other. Each intermediate is allocated when a step writes it, and freed after the last step that reads it. */
function stepByStep(backend: Backend, program: Program): Executable {
  const { slots, steps } = program;
  const outputs = outputSlots(program);
  const constants = new Map<number, unknown>();
  const intermediates = intermediatesOf(program, outputs);
  const dispose = (): void => {
    for (const handle of constants.values()) backend.free(handle);
    constants.clear();
  };
  try {
    slots.forEach(({ origin, size, dtype }, slot) => {
      if (origin.kind !== 'constant') return;
      const handle = backend.allocate(size, dtype);
      constants.set(slot, handle);
      backend.write(handle, origin.values);
    });
  } catch (error) {
    dispose();
    throw error;
  }

  return {
    arenaBytes: intermediates.peakBytes,
    dispose,
    run: (inputs, given) => {
      const handles = slots.map(({ origin }, slot) =>
        origin.kind === 'argument'
          ? inputs.arguments[origin.position]
          : origin.kind === 'captured'
            ? inputs.captured[origin.position]
            : constants.get(slot),
      );
      outputs.forEach((slot, i) => {
        const { origin, size } = slots[slot]!;
        handles[slot] = given[i];
        if (origin.kind === 'constant' && size > 0) backend.write(given[i], origin.values);
      });
      const allocated = new Set<number>();
      const infoOf = ({ slot, shape }: Operand): TensorInfo => {
        const { dtype, size } = slots[slot]!;
        return { shape, dtype, size, handle: handles[slot] };
      };
      const free = (slot: number): void => {
        allocated.delete(slot);
        backend.free(handles[slot]);
      };
      try {
        steps.forEach((step, i) => {
          for (const slot of intermediates.begin[i]!) {
            handles[slot] = backend.allocate(slots[slot]!.size, slots[slot]!.dtype);
            allocated.add(slot);
          }
          runStep(backend, step, step.inputs.map(infoOf), step.outputs.map(infoOf), inputs.varying);
          for (const slot of intermediates.end[i]!) free(slot);
        });
      } finally {
        for (const slot of allocated) free(slot);
      }
    },
  };
}

function runStep<K extends KernelName>(
  backend: Backend,
  { kernel, attributes, varying }: Step<K>,
  inputs: readonly TensorInfo[],
  outputs: readonly TensorInfo[],
  given: readonly unknown[],
): void {
  const current = varying === undefined ? attributes : (given[varying] as KernelAttributes[K]);
  backend.run(kernel, inputs, outputs, current);
}

/** For each step the intermediate slots that begin with it, and those that end after it. */
function intermediatesOf(
  { slots, steps }: Program,
  outputs: readonly number[],
): { readonly begin: number[][]; readonly end: number[][]; readonly peakBytes: number } {
  const outliving = new Set(outputs);
  const last = new Map<number, number>();
  const isIntermediate = ({ slot }: Operand): boolean =>
    slots[slot]!.origin.kind === 'step' && !outliving.has(slot);
  steps.forEach(({ inputs, outputs: written }, i) => {
    for (const operand of [...inputs, ...written]) if (isIntermediate(operand)) last.set(operand.slot, i);
  });
  const begin = steps.map(({ outputs: written }) => written.filter(isIntermediate).map(({ slot }) => slot));
  const end = steps.map((): number[] => []);
  for (const [slot, i] of last) end[i]!.push(slot);
  const bytesOf = (list: readonly number[]): number =>
    list.reduce((sum, slot) => sum + BYTES_PER_ELEMENT * slots[slot]!.size, 0);
  let bytes = 0;
  let peakBytes = 0;
  steps.forEach((_, i) => {
    bytes += bytesOf(begin[i]!);
    peakBytes = Math.max(peakBytes, bytes);
    bytes -= bytesOf(end[i]!);
  });
  return { begin, end, peakBytes };
}

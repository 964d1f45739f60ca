import {
  sizeOf,
  type Backend,
  type DataType,
  type KernelAttributes,
  type KernelName,
} from '../../src/kernels';
import type { TensorInfo, TypedArray } from '../../src/kernels';
import { prepareProgram } from '../../src/kernels/programs/executable';
import { outputSlots } from '../../src/kernels/programs/output-slots';
import type { Operand, Program, Slot, SlotOrigin, Step } from '../../src/kernels/programs/program';

/** The values that a program is run with: those of its arguments and of what it has captured, by position, and attributes that vary. */
export interface ProgramValues {
  readonly arguments?: readonly TypedArray[];
  readonly captured?: readonly TypedArray[];
  readonly varying?: readonly unknown[];
}

/** Builds a program by hand. */
export class ProgramDraft {
  readonly slots: Slot[] = [];
  readonly steps: Step[] = [];
  readonly #counts = { argument: 0, captured: 0 };

  #slot(shape: readonly number[], dtype: DataType, origin: SlotOrigin): Operand {
    const size = sizeOf(shape);
    return { slot: this.slots.push({ dtype, size, origin }) - 1, shape };
  }

  argument(shape: readonly number[], dtype: DataType = 'float32'): Operand {
    return this.#slot(shape, dtype, { kind: 'argument', position: this.#counts.argument++ });
  }

  captured(shape: readonly number[], dtype: DataType = 'float32', fixed = false): Operand {
    const position = this.#counts.captured++;
    return this.#slot(shape, dtype, { kind: 'captured', position, ...(fixed ? { fixed } : {}) });
  }

  constant(shape: readonly number[], values: TypedArray, dtype: DataType = 'float32'): Operand {
    return this.#slot(shape, dtype, { kind: 'constant', values });
  }

  scalar(value: number): Operand {
    return this.constant([], Float32Array.of(value));
  }

  step<K extends KernelName>(
    kernel: K,
    attributes: KernelAttributes[K],
    inputs: readonly Operand[],
    shape: readonly number[],
    dtype: DataType = 'float32',
    varying?: number,
  ): Operand {
    const output = this.#slot(shape, dtype, { kind: 'step' });
    this.steps.push({
      op: kernel,
      kernel,
      attributes,
      inputs,
      outputs: [output],
      ...(varying === undefined ? {} : { varying }),
    });
    return output;
  }

  unary(name: KernelAttributes['unary']['name'], x: Operand, p = 0, q = 0): Operand {
    return this.step('unary', { name, p, q }, [x], x.shape, this.slots[x.slot]!.dtype);
  }

  binary(name: KernelAttributes['binary']['name'], a: Operand, b: Operand): Operand {
    const shape = sizeOf(a.shape) >= sizeOf(b.shape) ? a.shape : b.shape;
    return this.step('binary', { name }, [a, b], shape, this.slots[a.slot]!.dtype);
  }

  program(results: readonly Operand[], updates: Program['updates'] = []): Program {
    return { slots: this.slots, steps: this.steps, results, updates };
  }
}

function allocated(backend: Backend, slot: Slot, values?: TypedArray): unknown {
  const handle = backend.allocate(slot.size, slot.dtype);
  if (values && slot.size > 0) backend.write(handle, values);
  return handle;
}

/** Runs the kernels of a program one after the other, each value in storage of its own, and returns the values of its output slots. */
export function runStepByStep(backend: Backend, program: Program, given: ProgramValues): TypedArray[] {
  const { slots, steps } = program;
  const handles = slots.map((slot) => {
    const { origin } = slot;
    if (origin.kind === 'argument') return allocated(backend, slot, given.arguments?.[origin.position]);
    if (origin.kind === 'captured') return allocated(backend, slot, given.captured?.[origin.position]);
    return allocated(backend, slot, origin.kind === 'constant' ? origin.values : undefined);
  });
  const infoOf = ({ slot, shape }: Operand): TensorInfo => {
    const { dtype, size } = slots[slot]!;
    return { shape, dtype, size, handle: handles[slot] };
  };
  try {
    for (const { kernel, attributes, inputs, outputs, varying } of steps) {
      const own = varying === undefined ? attributes : given.varying![varying];
      backend.run(kernel, inputs.map(infoOf), outputs.map(infoOf), own as typeof attributes);
    }
    return outputSlots(program).map((slot) =>
      backend.readSync!(handles[slot], slots[slot]!.size, slots[slot]!.dtype),
    );
  } finally {
    for (const handle of handles) backend.free(handle);
  }
}

/** Prepares a program, runs it `runs` times with the same values, and returns what each run gave. */
export function runPrepared(
  backend: Backend,
  program: Program,
  given: ProgramValues,
  runs: number,
): TypedArray[][] {
  const { slots } = program;
  const ofKind = (kind: 'argument' | 'captured', values: readonly TypedArray[]): unknown[] =>
    values.map((own, position) =>
      allocated(
        backend,
        slots.find(({ origin }) => origin.kind === kind && origin.position === position)!,
        own,
      ),
    );
  const executable = prepareProgram(backend, program);
  const inputs = {
    arguments: ofKind('argument', given.arguments ?? []),
    captured: ofKind('captured', given.captured ?? []),
    varying: given.varying ?? [],
  };
  const outputs = outputSlots(program);
  try {
    return Array.from({ length: runs }, () => {
      const handles = outputs.map((slot) => allocated(backend, slots[slot]!));
      try {
        executable.run(inputs, handles);
        return outputs.map((slot, i) => backend.readSync!(handles[i], slots[slot]!.size, slots[slot]!.dtype));
      } finally {
        for (const handle of handles) backend.free(handle);
      }
    });
  } finally {
    executable.dispose();
    for (const handle of [...inputs.arguments, ...inputs.captured]) backend.free(handle);
  }
}

/** The bits of values, with one pattern for all NaN: which NaN an operation gives is left to the processor. */
export function bitsOf(values: TypedArray): number[] {
  if (!(values instanceof Float32Array)) return [...values];
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  return Array.from(values, (value, i) => (Number.isNaN(value) ? NaN : bits[i]!));
}

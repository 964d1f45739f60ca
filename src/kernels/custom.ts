import type { Backend, TensorInfo } from './backend';
import { toTypedArray, type TypedArray } from './dtype';

/** A kernel that a program brings along. */
export interface CustomAttributes {
  /** Its name, with a number: several may have one name. */
  readonly program: string;
  /** The names of the inputs in its source. */
  readonly names: readonly string[];
  /** Its numbers, by their names in its source. */
  readonly numbers: Readonly<Record<string, number>>;
  /** Source that defines `result(int i)`, the value at index i of the output; null: it runs on the CPU everywhere. */
  readonly glsl: string | null;
  /** Fills the values of the output. */
  readonly compute: (inputs: readonly TypedArray[], output: TypedArray) => void;
}

/** Runs a custom kernel on copies of the inputs' values. A function of the program gets no view of a memory that may grow meanwhile. */
export function customOnHost(
  backend: Backend,
  inputs: readonly TensorInfo[],
  [output]: readonly TensorInfo[],
  { compute }: CustomAttributes,
): void {
  const { handle, size, dtype } = output!;
  const values = toTypedArray(new Uint8Array(size), dtype);
  compute(
    inputs.map((input) => backend.readSync!(input.handle, input.size, input.dtype)),
    values,
  );
  backend.write(handle, values);
}

import type { TensorInfo } from '../backend';
import type { DataType } from '../dtype';
import type { WebGPUBackend } from './backend';
import type { Buffer } from './buffers';
import type { PipelineDescription } from './pipelines';
import { PRELUDE } from './prelude';

/** Numbers for a shader by name; those of an array `s` are named s0, s1, …. */
export type Numbers = Readonly<Record<string, number | readonly number[]>>;

/**
 * One run of a shader. What `source` must define depends on the form; T is the type of the first output's elements.
 *
 * - 'element': `fn result(i: i32) -> T`, the value at index i of the output
 * - 'cell': `fn work(i: i32)`, which writes to the outputs itself; it is called for every i < count
 * - 'group': `fn work(group: i32, lane: i32)`, called by every lane of `count` groups. Lanes of a group can share memory
 *
 * Inputs and outputs are arrays of f32 or i32 under their names. A source contains no sizes, so that one shader serves all shapes: sizes are fields
 * of the uniform `u`.
 */
export interface Dispatch {
  /** The kernel's name, and all else that the source depends on: a compiled shader with the same name is used again. */
  readonly program: string;
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly outputs: Readonly<Record<string, TensorInfo>>;
  readonly form: 'element' | 'cell' | 'group';
  /** How often the function is called: by default for every element of the first output. */
  readonly count?: number;
  /** The lanes of a group. */
  readonly lanes?: number;
  /** The inputs that are read as arrays of vectors of four elements: their sizes are multiples of 4. */
  readonly vectors?: readonly string[];
  readonly ints?: Numbers;
  readonly floats?: Numbers;
  readonly source: () => string;
}

const LANES = 64;
/** Where the processor plays the device, an invocation costs as much as several elements: so many groups are enough to keep its threads busy. */
const GROUPS_IN_SOFTWARE = 256;
const MOST_STEPS = 32;
/** The most groups in one dimension that every device runs. */
const MOST_GROUPS = 65535;

/** The type of a tensor's elements in WGSL: a boolean lies as an integer in memory. */
export function typeOf(dtype: DataType): 'f32' | 'i32' {
  return dtype === 'float32' ? 'f32' : 'i32';
}

/** Runs a shader. Does nothing where there is nothing to do. Inputs without elements are read as some element, so that kernels must not use it. */
export function dispatch(backend: WebGPUBackend, call: Dispatch): void {
  const { form, lanes = LANES, ints, floats } = call;
  const count = call.count ?? Object.values(call.outputs)[0]!.size;
  if (count === 0) return;
  let key = `${call.program}|${form}${lanes}|`;
  const buffers: Buffer[] = [];
  for (const tensors of [call.inputs, call.outputs]) {
    for (const name in tensors) {
      const tensor = tensors[name]!;
      key += typeOf(tensor.dtype);
      buffers.push(backend.bufferOf(tensor));
    }
  }
  // What does not change with the call lies beside the pipeline.
  const pipeline = backend.pipelines.find(key) ?? backend.pipelines.make(key, descriptionOf(call, lanes));
  const group = backend.pipelines.groupOf(pipeline, buffers);
  const most =
    backend.isSoftware && form === 'element' ? Math.floor(count / (lanes * GROUPS_IN_SOFTWARE)) : 1;
  const steps = Math.min(Math.max(most, 1), MOST_STEPS);
  const groups = form === 'group' ? count : Math.ceil(count / (lanes * steps));
  const across = Math.min(groups, MOST_GROUPS);
  const write = (view: DataView, at: number): void => {
    view.setInt32(at, count, true);
    view.setInt32(at + 4, steps, true);
    let next = at + 8;
    for (const value of eachNumber(ints)) {
      view.setInt32(next, value, true);
      next += 4;
    }
    for (const value of eachNumber(floats)) {
      view.setFloat32(next, value, true);
      next += 4;
    }
  };
  backend.submit(pipeline, group, write, buffers, across, Math.ceil(groups / across));
}

function descriptionOf(call: Dispatch, lanes: number): PipelineDescription {
  const ints = namesOf(call.ints);
  const floats = namesOf(call.floats);
  return {
    kernel: call.program,
    inputs: Object.keys(call.inputs).length,
    outputs: Object.keys(call.outputs).length,
    bytes: Math.ceil((2 + ints.length + floats.length) / 4) * 16,
    source: shaderOf(call, lanes, ints, floats),
  };
}

function namesOf(numbers: Numbers = {}): string[] {
  return Object.entries(numbers).flatMap(([name, value]) =>
    typeof value === 'number' ? [name] : value.map((_, i) => `${name}${i}`),
  );
}

const NONE: readonly number[] = [];

/** The numbers in the order of their names. */
function eachNumber(numbers: Numbers | undefined): readonly number[] {
  return numbers ? Object.values<number | readonly number[]>(numbers).flat() : NONE;
}

/** An invocation calls `each` for `steps` numbers i that lie a group's width apart, so that the lanes of a group are at neighbours. */
const overSteps = (each: string): string => `
      let first = i32(wide.y * size.x + wide.x) * u.steps * i32(LANES) + i32(lane);
      for (var step = 0; step < u.steps; step++) {
        let i = first + step * i32(LANES);
        if (i < u.count) { ${each} }
      }`;

const mains = (output: string): Record<Dispatch['form'], string> => ({
  element: overSteps(`${output}[i] = result(i);`),
  cell: 'let i = i32((wide.y * size.x + wide.x) * LANES + lane); if (i < u.count) { work(i); }',
  group: 'let group = i32(wide.y * size.x + wide.x); if (group < u.count) { work(group, i32(lane)); }',
});

function shaderOf(call: Dispatch, lanes: number, ints: readonly string[], floats: readonly string[]): string {
  const fields = ['count', 'steps', ...ints]
    .map((name) => `${name}: i32,`)
    .concat(floats.map((name) => `${name}: f32,`));
  const arrays = [
    ...Object.entries(call.inputs).map((each) => ['read', each] as const),
    ...Object.entries(call.outputs).map((each) => ['read_write', each] as const),
  ].map(
    ([access, [name, { dtype }]], i) =>
      `@group(0) @binding(${i + 1}) var<storage, ${access}> ${name}: array<${call.vectors?.includes(name) ? `vec4<${typeOf(dtype)}>` : typeOf(dtype)}>;`,
  );
  const [output] = Object.entries(call.outputs)[0]!;
  const type = typeOf(call.outputs[output]!.dtype);
  return `
    struct Numbers { ${fields.join(' ')} }
    @group(0) @binding(0) var<uniform> u: Numbers;
    ${arrays.join('\n')}
    alias T = ${type};
    const LANES = ${lanes}u;
    ${PRELUDE}
    ${call.source()}
    @compute @workgroup_size(${lanes})
    fn main(@builtin(workgroup_id) wide: vec3u, @builtin(num_workgroups) size: vec3u, @builtin(local_invocation_index) lane: u32) {
      ${mains(output)[call.form]}
    }`;
}

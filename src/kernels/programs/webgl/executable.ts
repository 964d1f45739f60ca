import type { TensorInfo } from '../../backend';
import type { KernelAttributes, KernelName } from '../../kernel-table';
import type { WebGLBackend } from '../../webgl/backend';
import { asInput } from '../../webgl/output-layouts';
import { intermediatesOf } from '../arena';
import type { Executable, ProgramInputs } from '../executable';
import { leastBytes } from '../memory-plan';
import { outputSlots } from '../output-slots';
import { withChains } from '../passes/chains';
import { fold } from '../passes/fold';
import { withSingleOutputs } from '../passes/single-outputs';
import type { Operand, Program } from '../program';
import { chainShader, fitsInShader } from './chain-shader';

/** An operand as kernels are given it. */
type Info = { -readonly [K in keyof TensorInfo]: TensorInfo[K] };

/** One task, ready to run, and the handles whose values nobody reads behind it: their textures go back to the pool. */
interface Call {
  readonly run: (varying: readonly unknown[]) => void;
  readonly free: readonly unknown[];
}

/**
 * Prepares a program for WebGL: each chain is one draw. Handles of values between steps are made once; their textures come from the pool as
 * steps write them, and go back when they have been read, so that a run needs no more of them than are alive at one time.
 */
export function prepareForWebGl(backend: WebGLBackend, program: Program): Executable {
  const schedule = withSingleOutputs(withChains(fold(program), fitsInShader));
  const { slots, tasks, once } = schedule;
  const outputs = outputSlots(program);
  const { slots: between, lifetimes } = intermediatesOf(schedule);
  const infos: Info[][] = slots.map(() => []);
  const infoOf = ({ slot, shape }: Operand): Info => {
    const { dtype, size } = slots[slot]!;
    const info: Info = { shape, dtype, size, handle: undefined };
    infos[slot]!.push(info);
    return info;
  };
  const handles = new Map<number, unknown>();
  const handleOf = (slot: number): unknown => {
    let handle = handles.get(slot);
    if (handle === undefined) {
      const { size, dtype } = slots[slot]!;
      handles.set(slot, (handle = backend.allocate(size, dtype)));
      for (const info of infos[slot]!) info.handle = handle;
    }
    return handle;
  };
  const calls = tasks.map((task, position): Call => {
    const from = task.inputs.map(infoOf);
    const to = task.outputs.map(infoOf);
    const ending = between.filter((_, i) => lifetimes[i]!.last === position);
    const free = ending.map(handleOf);
    if (task.kernel === 'chain') {
      const shader = chainShader(task, slots);
      return { free, run: () => backend.runOwn('chain', shader, asInput, from, to, undefined) };
    }
    if (task.kernel === 'slopes') throw new Error('webgl: a batch normalisation was taken apart');
    const { kernel, attributes, varying } = task;
    return {
      free,
      run: (given) =>
        backend.run(
          kernel,
          from,
          to,
          varying === undefined ? attributes : (given[varying] as KernelAttributes[KernelName]),
        ),
    };
  });
  const first = once.map((step) => ({ step, from: step.inputs.map(infoOf), to: step.outputs.map(infoOf) }));
  let isBegun = false;

  const release = (): void => {
    for (const handle of handles.values()) backend.free(handle);
  };
  /** The operands that each run gives handles, by the slots of arguments and captured tensors. */
  const fromCaller = slots.flatMap(({ origin }, slot) =>
    origin.kind === 'argument' || origin.kind === 'captured' ? [{ origin, operands: infos[slot]! }] : [],
  );
  /** Gives operands the handles that this run is called with. */
  const place = ({ arguments: values, captured }: ProgramInputs, given: readonly unknown[]): void => {
    for (let i = 0; i < fromCaller.length; i++) {
      const { origin, operands } = fromCaller[i]!;
      const handle = origin.kind === 'argument' ? values[origin.position] : captured[origin.position];
      for (let k = 0; k < operands.length; k++) operands[k]!.handle = handle;
    }
    for (let i = 0; i < outputs.length; i++) {
      const slot = outputs[i]!;
      const { origin, size } = slots[slot]!;
      if (origin.kind === 'constant' && size > 0) backend.write(given[i], origin.values);
      const operands = infos[slot]!;
      for (let k = 0; k < operands.length; k++) operands[k]!.handle = given[i];
    }
  };
  /** Writes the constants, and takes the steps that are taken once. */
  const begin = (): void => {
    const isOutput = new Set(outputs);
    slots.forEach(({ origin }, slot) => {
      if (origin.kind !== 'constant' || infos[slot]!.length === 0 || isOutput.has(slot)) return;
      backend.write(handleOf(slot), origin.values);
    });
    for (const { step, from, to } of first) {
      for (const { slot } of step.outputs) handleOf(slot);
      backend.run(step.kernel, from, to, step.attributes);
    }
    isBegun = true;
  };

  return {
    arenaBytes: leastBytes(lifetimes.map(({ bytes, first: from, last }) => ({ bytes, first: from, last }))),
    dispose: release,
    run: (inputs, given) => {
      place(inputs, given);
      try {
        if (!isBegun) begin();
        for (let i = 0; i < calls.length; i++) {
          const { run, free } = calls[i]!;
          run(inputs.varying);
          for (let k = 0; k < free.length; k++) backend.free(free[k]);
        }
      } catch (error) {
        // Constants too: the next run writes them anew.
        release();
        isBegun = false;
        throw error;
      }
    },
  };
}

import type { TensorInfo } from '../../backend';
import type { CustomAttributes } from '../../custom';
import type { KernelAttributes, KernelName } from '../../kernel-table';
import type { TensorTexture, WebGLBackend } from '../../webgl/backend';
import { asInput } from '../../webgl/output-layouts';
import { laneTypeOf, type Texture } from '../../webgl/textures';
import { intermediatesOf } from '../arena';
import type { Executable, ProgramInputs } from '../executable';
import { leastBytes } from '../memory-plan';
import { outputSlots } from '../output-slots';
import { withChains } from '../passes/chains';
import { fold } from '../passes/fold';
import { withJoinedUpdates } from '../passes/joined-updates';
import { withReductionsOfChains } from '../passes/reductions-of-chains';
import { withSingleOutputs } from '../passes/single-outputs';
import type { Operand, Program } from '../program';
import { bind, type Bound, type Heard } from './bound';
import { chainShader, fitsInShader } from './chain-shader';
import { hear } from './hear';
import { ownKernelOf, withPoolIndices } from './pool-indices';
import { shortCrossEntropyOf } from './short-cross-entropy';
import { updatesOf } from './updates';

/** An operand as kernels are given it. */
type Info = { -readonly [K in keyof TensorInfo]: TensorInfo[K] };

/** One task, ready to run, and the handles whose values nobody reads behind it: their textures go back to the pool. */
interface Call {
  readonly run: (given: readonly unknown[]) => void;
  readonly free: readonly unknown[];
  /** The position of its attributes among those that vary. */
  readonly varying: number | undefined;
}

/** A tensor from outside. Steps see it as a texture in every run, also where it is one number that the host has written. */
interface Given {
  readonly kind: 'argument' | 'captured';
  readonly position: number;
  /** The handle that steps see. */
  readonly handle: TensorTexture;
  /** The tensor as the caller has it. */
  readonly outside: Info;
}

/** After so many runs that cannot be bound, no other is tried. */
const MOST_ATTEMPTS = 3;

/**
 * Prepares a program for WebGL: each chain is one draw. A first run takes the steps one by one. What it submits is then bound to textures by a plan:
 * later runs issue the same draws and do nothing else, as long as what goes in has the same layouts.
 *
 * In a run that is not bound, textures come from the pool as steps write them, and go back when they have been read, so that it needs no more of
 * them than are alive at one time.
 */
export function prepareForWebGl(backend: WebGLBackend, program: Program): Executable {
  const schedule = withJoinedUpdates(
    withPoolIndices(
      withReductionsOfChains(withSingleOutputs(withChains(fold(program), fitsInShader)), fitsInShader),
    ),
    backend.maxDrawBuffers,
  );
  const { slots, tasks, once } = schedule;
  const { slots: between, lifetimes } = intermediatesOf(schedule);
  const infos: Info[][] = slots.map(() => []);
  const infoOf = ({ slot, shape }: Operand): Info => {
    const { dtype, size } = slots[slot]!;
    const info: Info = { shape, dtype, size, handle: undefined };
    infos[slot]!.push(info);
    return info;
  };
  const handles = new Map<number, TensorTexture>();
  const handleOf = (slot: number): TensorTexture => {
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
    const free = between.filter((_, i) => lifetimes[i]!.last === position).map(handleOf);
    if (task.kernel === 'chain') {
      const shader = chainShader(task, slots);
      const run = (): void =>
        backend.runOwn('chain', shader, task.reduction ? undefined : asInput, from, to, undefined);
      return { free, varying: undefined, run };
    }
    if (task.kernel === 'slopes') throw new Error("webgl has no kernel 'slopes'");
    const { kernel, attributes, varying } = task;
    const own = ownKernelOf(task, slots) ?? shortCrossEntropyOf(task) ?? updatesOf(task);
    return {
      free,
      varying,
      run: (given) => {
        const current = varying === undefined ? attributes : (given[varying] as KernelAttributes[KernelName]);
        if (own) own(backend, from, to, current as never);
        else backend.run(kernel, from, to, current);
      },
    };
  });
  const first = once.map((step) => ({ step, from: step.inputs.map(infoOf), to: step.outputs.map(infoOf) }));

  const fromCaller = slots.flatMap(({ origin, size, dtype }, slot): Given[] => {
    const [outside] = infos[slot]!;
    if ((origin.kind !== 'argument' && origin.kind !== 'captured') || !outside) return [];
    const handle = { size, laneType: laneTypeOf(dtype), values: null, texture: null, scalar: null };
    for (const info of infos[slot]!) info.handle = handle;
    return [{ kind: origin.kind, position: origin.position, handle, outside: { ...outside } }];
  });
  const outputs = outputSlots(program).map((slot) => {
    const { size, dtype, origin } = slots[slot]!;
    const whole: Info = { shape: [size], size, dtype, handle: undefined };
    const values = origin.kind === 'constant' && size > 0 ? origin.values : null;
    return { slot, whole, infos: [whole, ...infos[slot]!], values };
  });
  const outputInfos = outputs.map(({ whole }) => whole);
  const textures: Texture[] = [];
  let isBegun = false;
  let bound: Bound | null = null;
  // What the host computes would be missing from a run that only draws.
  const isOnHost = tasks.some(
    (task) => task.kernel === 'custom' && (task.attributes as CustomAttributes).glsl === null,
  );
  let attempts = isOnHost ? MOST_ATTEMPTS : 0;

  const release = (): void => {
    for (const handle of handles.values()) backend.free(handle);
    bound = null;
    // The next run writes the constants anew.
    isBegun = false;
  };
  /** Finds the textures that this run is called with, and gives outputs their handles. */
  const place = ({ arguments: values, captured }: ProgramInputs, given: readonly unknown[]): void => {
    for (let i = 0; i < fromCaller.length; i++) {
      const { kind, position, handle, outside } = fromCaller[i]!;
      outside.handle = kind === 'argument' ? values[position] : captured[position];
      textures[i] = handle.texture = backend.textureOf(outside);
    }
    for (let i = 0; i < outputs.length; i++) {
      const { infos: operands, values: written } = outputs[i]!;
      if (written) backend.write(given[i], written);
      for (let k = 0; k < operands.length; k++) operands[k]!.handle = given[i];
    }
  };
  /** Writes the constants, and takes the steps that are taken once. */
  const begin = (): void => {
    const isOutput = new Set(outputs.map(({ slot }) => slot));
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
  const stepByStep = (varying: readonly unknown[]): void => {
    for (let i = 0; i < calls.length; i++) take(calls[i]!, varying);
  };
  const take = ({ run, free }: Call, varying: readonly unknown[]): void => {
    run(varying);
    for (let k = 0; k < free.length; k++) backend.free(free[k]);
  };
  /** Takes the steps, and binds what they submit. */
  const boundRun = (varying: readonly unknown[]): Bound | null => {
    const heard = calls.map((call): Heard => ({
      submissions: hear(backend, () => take(call, varying)),
      varying: call.varying,
    }));
    const fixed = [...handles.values()].flatMap(({ texture }) => (texture ? [texture] : []));
    return bind(backend, heard, {
      given: textures,
      fixed: new Set(fixed),
      outputs: outputs.map(({ whole }) => (whole.handle as TensorTexture).texture),
    });
  };
  const runAll = (varying: readonly unknown[]): void => {
    if (!isBegun) begin();
    if (bound?.fits(textures)) bound.run(textures, outputInfos, varying);
    else if (attempts === MOST_ATTEMPTS) stepByStep(varying);
    else {
      bound = boundRun(varying);
      attempts = bound ? 0 : attempts + 1;
    }
  };

  return {
    get arenaBytes() {
      return bound?.bytes ?? leastBytes(lifetimes.map(({ inPlaceOf: _, ...lifetime }) => lifetime));
    },
    dispose: release,
    run: (inputs, given) => {
      try {
        place(inputs, given);
        backend.runOwn(
          'program',
          () => runAll(inputs.varying),
          () => 'own',
          [],
          [],
          undefined,
        );
      } catch (error) {
        release();
        throw error;
      }
    },
  };
}

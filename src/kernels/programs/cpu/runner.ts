import type { TensorInfo } from '../../backend';
import type { CpuBackend } from '../../cpu/backend';
import type { Block } from '../../cpu/memory';
import type { KernelAttributes, KernelName } from '../../kernel-table';
import type { Arena } from '../arena';
import type { ProgramInputs } from '../executable';
import { outputSlots } from '../output-slots';
import type { Operand } from '../program';
import type { Schedule, Slopes } from '../schedule';

/** A compiled loop for a chain: takes the addresses of the chain's inputs, then of its outputs. */
export type Loop = (...addresses: readonly number[]) => void;

/** Runs a schedule. It makes no objects as it runs: those that kernels are given are made once, and only the places in them change. */
export interface Runner {
  run(inputs: ProgramInputs, outputs: readonly unknown[]): void;
}

/** An operand as kernels are given it. */
type Info = { -readonly [K in keyof TensorInfo]: TensorInfo[K] };

function slopesLoop({ linear }: CpuBackend, { epsilon }: Slopes, size: number): Loop {
  return (varianceAt, scaleAt, slopesAt) => {
    const variance = new Float32Array(linear.buffer, varianceAt, size);
    const scale = new Float32Array(linear.buffer, scaleAt, size);
    const slopes = new Float32Array(linear.buffer, slopesAt, size);
    for (let c = 0; c < size; c++) slopes[c] = scale[c]! / Math.sqrt(variance[c]! + epsilon);
  };
}

/** One task, ready to run: a kernel with what it is called with, or a loop with addresses. */
interface Call {
  readonly kernel: KernelName;
  readonly inputs: readonly Info[];
  readonly outputs: readonly Info[];
  readonly attributes: KernelAttributes[KernelName];
  /** The position of the attributes among those that vary; −1 if they are the same in each run. */
  readonly varying: number;
  readonly loop: Loop | null;
  readonly addresses: number[];
}

/**
 * @param constants the handles of constants and of values that are made once
 * @param loops a loop for each chain of the schedule, in order
 */
export function runnerOf(
  backend: CpuBackend,
  schedule: Schedule,
  arena: Arena,
  constants: ReadonlyMap<number, unknown>,
  loops: readonly Loop[],
): Runner {
  const { slots, tasks } = schedule;
  const infos: Info[][] = slots.map(() => []);
  const infoOf = ({ slot, shape }: Operand): Info => {
    const { dtype, size } = slots[slot]!;
    const info: Info = { shape, dtype, size, handle: constants.get(slot) };
    infos[slot]!.push(info);
    return info;
  };
  let chains = 0;
  const calls = tasks.map((task): Call => {
    const inputs = task.inputs.map(infoOf);
    const outputs = task.outputs.map(infoOf);
    const addresses = [...inputs, ...outputs].map(() => 0);
    const call = {
      kernel: 'unary',
      attributes: {},
      varying: -1,
      loop: null,
      inputs,
      outputs,
      addresses,
    } as const;
    if (task.kernel === 'chain') return { ...call, loop: loops[chains++]! };
    if (task.kernel === 'slopes')
      return { ...call, loop: slopesLoop(backend, task, slots[task.outputs[0]!.slot]!.size) };
    const { kernel, attributes, varying = -1 } = task;
    return { ...call, kernel, attributes, varying };
  });

  const blocks = arena.offsets.map((offset): { -readonly [K in keyof Block]: Block[K] } => ({
    offset,
    bytes: 0,
    isFree: false,
  }));
  arena.slots.forEach((slot, i) => {
    for (const info of infos[slot]!) info.handle = blocks[i];
  });
  const ofOutputs = outputSlots(schedule);
  const given = slots.flatMap(({ origin }, slot) =>
    (origin.kind === 'argument' || origin.kind === 'captured') && infos[slot]!.length > 0
      ? [{ kind: origin.kind, position: origin.position, infos: infos[slot]! }]
      : [],
  );
  let base = 0;

  const place = ({ arguments: values, captured }: ProgramInputs, outputs: readonly unknown[]): void => {
    for (let i = 0; i < given.length; i++) {
      const { kind, position, infos: own } = given[i]!;
      const handle = kind === 'argument' ? values[position] : captured[position];
      for (let k = 0; k < own.length; k++) own[k]!.handle = handle;
    }
    for (let i = 0; i < ofOutputs.length; i++) {
      const own = infos[ofOutputs[i]!]!;
      for (let k = 0; k < own.length; k++) own[k]!.handle = outputs[i];
    }
  };
  const take = (varying: readonly unknown[]): void => {
    for (let i = 0; i < calls.length; i++) {
      const call = calls[i]!;
      if (call.loop === null) {
        const attributes = call.varying < 0 ? call.attributes : varying[call.varying];
        backend.run(call.kernel, call.inputs, call.outputs, attributes as typeof call.attributes);
        continue;
      }
      const { inputs, outputs, addresses } = call;
      for (let k = 0; k < inputs.length; k++) addresses[k] = (inputs[k]!.handle as Block).offset;
      for (let k = 0; k < outputs.length; k++)
        addresses[inputs.length + k] = (outputs[k]!.handle as Block).offset;
      call.loop(...addresses);
    }
  };

  return {
    run: (inputs, outputs) => {
      const block = arena.bytes > 0 ? backend.linear.allocate(arena.bytes) : null;
      try {
        if (block && block.offset !== base) {
          for (let i = 0; i < blocks.length; i++) blocks[i]!.offset += block.offset - base;
          base = block.offset;
        }
        place(inputs, outputs);
        take(inputs.varying);
      } finally {
        if (block) backend.linear.free(block);
      }
    },
  };
}

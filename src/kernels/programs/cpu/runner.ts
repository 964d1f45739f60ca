import type { TensorInfo } from '../../backend';
import type { CpuBackend } from '../../cpu/backend';
import { fillSlopes } from '../../cpu/batch-norm';
import type { Block } from '../../cpu/memory';
import type { Kernel, KernelAttributes, KernelName } from '../../kernel-table';
import type { Arena } from '../arena';
import type { ProgramInputs } from '../executable';
import { outputSlots } from '../output-slots';
import type { Operand } from '../program';
import type { Schedule, Slopes } from '../schedule';

/** A compiled loop for a chain: takes the addresses of the chain's inputs, then of its outputs. */
export type Loop = (...addresses: readonly number[]) => void;

/** Runs a schedule. It makes no objects as it runs: those that kernels are given are made once, and only the places in them change. */
export interface Runner {
  run(inputs: ProgramInputs, outputs: readonly unknown[], times?: number[] | null): void;
}

/** An operand as kernels are given it. */
type Info = { -readonly [K in keyof TensorInfo]: TensorInfo[K] };

/** Gives views of some numbers at an address: the same view as long as the address is the same, and the memory has not grown. */
function viewer({ linear }: CpuBackend, size: number): (address: number) => Float32Array {
  let view = new Float32Array(0);
  return (address) => {
    if (view.byteOffset !== address || view.buffer !== linear.buffer)
      view = new Float32Array(linear.buffer, address, size);
    return view;
  };
}

function slopesLoop(backend: CpuBackend, { epsilon }: Slopes, size: number): Loop {
  const [variance, scale, slopes] = [0, 1, 2].map(() => viewer(backend, size)) as [Viewer, Viewer, Viewer];
  return (varianceAt, scaleAt, slopesAt) =>
    fillSlopes(slopes(slopesAt), variance(varianceAt), scale(scaleAt), epsilon);
}

type Viewer = ReturnType<typeof viewer>;

/** Calls of loops by their number of addresses: an engine takes half as long again to spread a list. */
const callers: readonly ((loop: Loop, a: readonly number[]) => void)[] = [
  (loop) => loop(),
  (loop, a) => loop(a[0]!),
  (loop, a) => loop(a[0]!, a[1]!),
  (loop, a) => loop(a[0]!, a[1]!, a[2]!),
  (loop, a) => loop(a[0]!, a[1]!, a[2]!, a[3]!),
  (loop, a) => loop(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!),
  (loop, a) => loop(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!),
];
const callOfMany = (loop: Loop, a: readonly number[]): void => loop(...a);

/** One task, ready to run: a kernel with what it is called with, or a loop with addresses. */
interface Call {
  readonly kernel: Kernel<CpuBackend, KernelName>;
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
      kernel: backend.kernels.unary as Kernel<CpuBackend, KernelName>,
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
    return {
      ...call,
      kernel: backend.kernels[kernel] as Kernel<CpuBackend, KernelName>,
      attributes,
      varying,
    };
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
  const take = (call: Call, varying: readonly unknown[]): void => {
    const { kernel, loop, inputs, outputs, addresses } = call;
    if (loop === null) {
      const attributes = call.varying < 0 ? call.attributes : varying[call.varying];
      kernel(backend, inputs, outputs, attributes as typeof call.attributes);
      return;
    }
    for (let k = 0; k < inputs.length; k++) addresses[k] = (inputs[k]!.handle as Block).offset;
    for (let k = 0; k < outputs.length; k++)
      addresses[inputs.length + k] = (outputs[k]!.handle as Block).offset;
    (callers[addresses.length] ?? callOfMany)(loop, addresses);
  };

  /** @param times where the milliseconds that each task takes are put; null where they are not wanted */
  const takeAll = (varying: readonly unknown[], times: number[] | null): void => {
    for (let i = 0; i < calls.length; i++) {
      const start = times ? performance.now() : 0;
      take(calls[i]!, varying);
      times?.push(performance.now() - start);
    }
  };

  return {
    run: (inputs, outputs, times = null) => {
      const block = arena.bytes > 0 ? backend.linear.allocate(arena.bytes) : null;
      try {
        if (block && block.offset !== base) {
          for (let i = 0; i < blocks.length; i++) blocks[i]!.offset += block.offset - base;
          base = block.offset;
        }
        place(inputs, outputs);
        takeAll(inputs.varying, times);
      } finally {
        if (block) backend.linear.free(block);
      }
    },
  };
}

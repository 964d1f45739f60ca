import type { TensorInfo } from '../../backend';
import type { CpuBackend } from '../../cpu/backend';
import { sparingMemory } from '../../cpu/memory';
import { arenaOf, type Arena } from '../arena';
import type { Executable, ProgramInputs } from '../executable';
import { outputSlots } from '../output-slots';
import { withChains } from '../passes/chains';
import { outerOperands } from '../passes/elementwise';
import { fold } from '../passes/fold';
import { withPartsInChains, type FitsOperands } from '../passes/parts-in-chains';
import { withSplitBatchNorm } from '../passes/split-batch-norm';
import type { Operand, Program } from '../program';
import type { Schedule } from '../schedule';
import { chainLoop, fitsInLoop, keyOfLoop } from './chain-loop';
import { readRows, type Rows } from './rows';
import { RELAXED_ROWS_MODULE } from './relaxed-rows.wasm';
import { ROWS_MODULE } from './rows.wasm';
import { runnerOf, type Loop, type Runner } from './runner';
import { moduleOf, type WasmFunction } from './wasm-code';

/** A program that has run so often has its chains compiled: many programs run once. */
const RUNS_BEFORE_COMPILING = 2;

/** The rows of each level of kernels, read when they are first needed. */
const rowsOfLevels = new Map<string, Rows>();

function rowsOf(level: 'simd' | 'relaxed'): Rows {
  let rows = rowsOfLevels.get(level);
  if (!rows) {
    rows = readRows(ROWS_MODULE);
    if (level === 'relaxed') rows = new Map([...rows, ...readRows(RELAXED_ROWS_MODULE)]);
    rowsOfLevels.set(level, rows);
  }
  return rows;
}

/** The schedule with chains, and their loops. Null if it has none, or the engine refuses to compile them: a policy may forbid it. */
function compiled(
  backend: CpuBackend,
  schedule: Schedule,
): { readonly schedule: Schedule; readonly loops: readonly Loop[] } | null {
  const { level, linear } = backend;
  if (level === undefined) return null;
  const rows = rowsOf(level);
  const fits: FitsOperands = (parts, slots, operands) => fitsInLoop(rows, parts, slots, operands);
  const chained = withPartsInChains(
    withChains(withSplitBatchNorm(schedule), (parts, slots) => fits(parts, slots, outerOperands(parts))),
    fits,
  );
  const chains = chained.tasks.flatMap((task) => (task.kernel === 'chain' ? [task] : []));
  if (chains.length === 0) return null;
  // Layers of a network repeat: many chains have the same code.
  const loops = new Map<string, WasmFunction>();
  const keys = chains.map((chain) => {
    const key = keyOfLoop(chain, chained.slots);
    if (!loops.has(key)) loops.set(key, chainLoop(rows, chain, chained.slots));
    return key;
  });
  const order = [...loops.keys()];
  const bytes = moduleOf([...loops.values()]);
  try {
    const imports = { e: { m: linear.memory as WebAssembly.Memory } };
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports);
    return { schedule: chained, loops: keys.map((key) => exports[order.indexOf(key)] as Loop) };
  } catch {
    return null;
  }
}

/** Lets the pool have a block for the arena, in which each run finds it: one large enough may come of many. */
function reserve({ linear }: CpuBackend, { bytes }: Arena): void {
  if (bytes > 0) linear.free(sparingMemory(() => linear.allocate(bytes)));
}

/** Prepares a program for the CPU. From the first run on it keeps its constants, and what follows from them alone, until it is disposed. */
export function prepareForCpu(backend: CpuBackend, program: Program): Executable {
  const { slots } = program;
  const schedule = fold(program);
  const arena = arenaOf(schedule);
  reserve(backend, arena);
  const constants = new Map<number, unknown>();
  const written = outputSlots(program).flatMap((slot, i) => {
    const { origin, size } = slots[slot]!;
    return origin.kind === 'constant' && size > 0 ? [{ i, values: origin.values }] : [];
  });
  let runner: Runner | null = null;
  /** What the runner does. */
  let current = schedule;
  let arenaBytes = arena.bytes;
  let runs = 0;

  const dispose = (): void => {
    for (const handle of constants.values()) backend.free(handle);
    constants.clear();
    runner = null;
    current = schedule;
    runs = 0;
  };
  const own = (slot: number): void => {
    constants.set(slot, backend.allocate(slots[slot]!.size));
  };
  /** Writes the constants that are read, and takes the steps that are taken once. */
  const begin = (captured: readonly unknown[]): Runner => {
    const steps = [...schedule.once, ...schedule.tasks];
    for (const slot of new Set(steps.flatMap(({ inputs }) => inputs.map((input) => input.slot)))) {
      const { origin } = slots[slot]!;
      if (origin.kind !== 'constant') continue;
      own(slot);
      backend.write(constants.get(slot), origin.values);
    }
    const infoOf = ({ slot, shape }: Operand): TensorInfo => {
      const { dtype, size, origin } = slots[slot]!;
      const handle = origin.kind === 'captured' ? captured[origin.position] : constants.get(slot);
      return { shape, dtype, size, handle };
    };
    for (const step of schedule.once) {
      for (const { slot } of step.outputs) own(slot);
      backend.run(step.kernel, step.inputs.map(infoOf), step.outputs.map(infoOf), step.attributes);
    }
    return runnerOf(backend, schedule, arena, constants, []);
  };
  /** The runner for the next run: with compiled chains, if the program has run a few times. */
  const next = (captured: readonly unknown[]): Runner => {
    if (!runner) {
      try {
        runner = begin(captured);
      } catch (error) {
        dispose();
        throw error;
      }
    } else if (runs === RUNS_BEFORE_COMPILING) {
      const faster = compiled(backend, schedule);
      if (faster) {
        const smaller = arenaOf(faster.schedule);
        reserve(backend, smaller);
        runner = runnerOf(backend, faster.schedule, smaller, constants, faster.loops);
        current = faster.schedule;
        arenaBytes = smaller.bytes;
      }
    }
    runs++;
    return runner;
  };

  const run = (inputs: ProgramInputs, outputs: readonly unknown[], times: number[] | null): void => {
    const before = runner;
    runner = next(inputs.captured);
    for (const { i, values } of written) backend.write(outputs[i], values);
    // What kernels need for themselves is found in the pool from then on.
    if (runner === before) runner.run(inputs, outputs, times);
    else sparingMemory(() => runner!.run(inputs, outputs, times));
  };

  return {
    get arenaBytes() {
      return arenaBytes;
    },
    dispose,
    run: (inputs, outputs) => run(inputs, outputs, null),
    time: (inputs, outputs) => {
      const times: number[] = [];
      run(inputs, outputs, times);
      return { schedule: current, times };
    },
  };
}

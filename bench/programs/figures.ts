import * as dl from 'rxtensor';
import { recorded } from 'rxtensor/programs';
import { activeBackend } from '../../src/kernels/active-backend';
import { CpuBackend } from '../../src/kernels/cpu/backend';
import { prepareProgram } from '../../src/kernels/programs/executable';
import type { Operand, Slot, Step } from '../../src/kernels/programs/program';
import type { Library, Tensor } from '../library';
import { tensor, type Tensor4D } from '../library';
import { separableNetwork } from '../webgl/network';
import { verdictOf, type ProgramResult } from './case';

/** What is asked of replays besides their speed beside others. */
export interface ProgramFigure {
  readonly name: string;
  readonly measure: () => ProgramResult | Promise<ProgramResult>;
}

const lib = dl as unknown as Library;

function cpu(): CpuBackend {
  const backend = activeBackend();
  if (!(backend instanceof CpuBackend)) throw new Error(`wanted the backend 'cpu', found '${backend.name}'`);
  return backend;
}

/** The most bytes that are in use at one time while `work` runs, beyond those before. */
function peakBytes(work: () => void): number {
  const { linear } = cpu();
  const before = linear.usedBytes;
  const allocate = linear.allocate.bind(linear);
  let peak = before;
  linear.allocate = (bytes) => {
    const block = allocate(bytes);
    peak = Math.max(peak, linear.usedBytes);
    return block;
  };
  try {
    work();
  } finally {
    linear.allocate = allocate;
  }
  return peak - before;
}

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(2)} MB`;

function peakOfInference(): ProgramResult {
  const network = separableNetwork(lib);
  const program = recorded(network as (x: Tensor4D) => Tensor);
  const image = tensor(lib, [1, SIZE, SIZE, 3], 5) as Tensor4D;
  // Two recordings, and two replays before the chains are compiled.
  for (let call = 0; call < 5; call++) dl.tidy(() => void program(image as never));
  const theirs = peakBytes(() => dl.tidy(() => void network(image)));
  const ours = peakBytes(() => dl.tidy(() => void program(image as never)));
  program.dispose();
  return {
    name: PEAK,
    against: 'unrecorded',
    must: '1/3',
    aim: '1/6',
    found: `1/${(theirs / ours).toFixed(1)}`,
    ours: megabytes(ours),
    theirs: megabytes(theirs),
    verdict: verdictOf(theirs / ours, 3, 6),
  };
}

const PEAK =
  'peak bytes of an inference of a 30-layer separable network, 224 × 224, with the scratch memory of kernels';
/** Rows and columns of its image, as MobileNet takes them. */
const SIZE = 224;
const OVERHEAD = 'a replayed step outside of kernels';
const GARBAGE = 'garbage that a replayed step makes';

/** Kernels that do nothing: what is left of a replay is spent outside of them. */
const nothing = new Proxy({} as CpuBackend['kernels'], { get: () => () => undefined });

/** A program of so many products of one element each, steps that no chain joins, on kernels that do nothing; its run. */
function products(length: number): () => void {
  const inputs = { arguments: [0, 1].map(() => cpu().allocate(1)), captured: [], varying: [] };
  const results = [cpu().allocate(1)];
  const slots = Array.from({ length: length + 2 }, (_, i): Slot => {
    const origin = i < 2 ? ({ kind: 'argument', position: i } as const) : ({ kind: 'step' } as const);
    return { dtype: 'float32', size: 1, origin };
  });
  const operand = (slot: number): Operand => ({ slot, shape: [1, 1, 1] });
  const steps = Array.from({ length }, (_, i): Step<'matMul'> => ({
    op: 'matMul',
    kernel: 'matMul',
    attributes: { transposeA: false, transposeB: false, activation: 'linear', alpha: 0 },
    inputs: [operand(i === 0 ? 0 : i + 1), operand(1)],
    outputs: [operand(i + 2)],
  }));
  const backend = new CpuBackend(nothing, cpu().linear);
  const { run } = prepareProgram(backend, { slots, steps, results: [operand(length + 1)], updates: [] });
  return () => run(inputs, results);
}

/** The median of the times that one run takes, in microseconds. */
function microseconds(run: () => void): number {
  const times = Array.from({ length: 31 }, () => {
    const start = performance.now();
    for (let i = 0; i < 200; i++) run();
    return (performance.now() - start) * 5;
  });
  return times.sort((a, b) => a - b)[15]!;
}

/** Replays two programs with kernels that do nothing: what is left for each step more is spent outside of kernels. */
function overheadOfSteps(): ProgramResult {
  const runs = [products(100), products(300)];
  for (const run of runs) for (let i = 0; i < 2000; i++) run();
  const [of100, of300] = runs.map(microseconds) as [number, number];
  const step = (of300 - of100) / 200;
  return {
    name: OVERHEAD,
    against: 'number',
    must: '≤ 0.15 µs',
    aim: '≤ 0.15 µs',
    found: `${step.toFixed(3)} µs`,
    ours: `a run of 100 steps ${of100.toFixed(1)} µs, of 300 ${of300.toFixed(1)} µs`,
    verdict: step <= 0.15 ? 'aim' : 'missed',
  };
}

/** Bytes that a run leaves for the garbage collector. */
function bytesLeft(run: () => void, collect: () => void): number {
  const RUNS = 2000;
  // The engine's own work while it compiles would count: some thousand runs first.
  for (let i = 0; i < 20_000; i++) run();
  const stretches = Array.from({ length: 15 }, () => {
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < RUNS; i++) run();
    return (process.memoryUsage().heapUsed - before) / RUNS;
  });
  return stretches.sort((a, b) => a - b)[7]!;
}

function garbageOfSteps(): ProgramResult {
  const row = { name: GARBAGE, against: 'number', must: '0 bytes', aim: '0 bytes' };
  const collect = (globalThis as { gc?: () => void }).gc;
  if (!collect) return { ...row, problem: 'the garbage collector cannot be called: node --expose-gc' };
  const [of100, of300] = [products(100), products(300)].map((run) => bytesLeft(run, collect)) as [
    number,
    number,
  ];
  const step = (of300 - of100) / 200;
  return {
    ...row,
    found: `${Math.max(0, step).toFixed(1)} bytes`,
    ours: `a run of 100 steps ${of100.toFixed(0)} bytes, of 300 ${of300.toFixed(0)}`,
    verdict: Math.abs(step) < 0.5 ? 'aim' : 'missed',
  };
}

export const figures: readonly ProgramFigure[] = [
  { name: PEAK, measure: peakOfInference },
  { name: OVERHEAD, measure: overheadOfSteps },
  { name: GARBAGE, measure: garbageOfSteps },
];

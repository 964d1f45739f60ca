/**
 * The parts of a plan. Between two of them the host reads values, or decides by them; what is in one part runs through, so that it can be recorded
 * as a program.
 */
import type { Tensor } from '../../tensor';
import type { Recorded } from '../../programs';
import { currentRecorder, RECORDING } from '../recorder';
import { hostInputs, OTHER_WAY, runRow, type Guard, type Step } from './step';

/** What a part gives: the values of its outputs, or that the plan does not hold. */
export type PartResult = Tensor[] | typeof OTHER_WAY;

export interface Part {
  readonly steps: readonly Step[];
  /** How many steps come before it. */
  readonly position: number;
  /** `waits`: the host reads inputs of its only step. `varies`: shapes in it depend on values. `runs`: each run does the same. */
  readonly kind: 'waits' | 'varies' | 'runs';
  /** The slots that it reads, and that are neither constants nor weights. */
  readonly inputs: readonly number[];
  /** The slots that it gives, for guards, other parts and the caller. */
  readonly outputs: readonly number[];
  /** For each step the slots of this part that nothing reads behind it. */
  readonly dead: readonly (readonly number[])[];
  /** The slots of other parts that nothing reads behind it. */
  readonly free: readonly number[];
}

/** A part that can be run. */
export interface RunnablePart extends Part {
  /**
   * Runs it, as a program if it can be recorded.
   *
   * @param x the values of its inputs
   * @param read the numbers that the host has read of its only step
   */
  readonly run: (x: readonly Tensor[], read?: ReadonlyMap<number, readonly number[]>) => PartResult;
  /** Frees the program. */
  readonly dispose: () => void;
}

/** The inputs of a step that the host reads in every run. */
export function readInputs({ row, inputs, numbers }: Step): number[] {
  return hostInputs(row, inputs.length).filter((i) => !numbers.has(i));
}

function kindOf(step: Step): Part['kind'] {
  if (step.row.shapedByValues || readInputs(step).length > 0) return 'waits';
  return step.hasFixedShapes ? 'runs' : 'varies';
}

/**
 * Cuts the steps of a plan into parts.
 *
 * @param known the values of constants and weights
 * @param kept the slots that are read at the end
 */
export function partsOf(
  steps: readonly Step[],
  guards: readonly Guard[],
  known: ReadonlyMap<number, Tensor>,
  kept: readonly number[],
): readonly Part[] {
  const cuts = new Set(guards.map(({ position }) => position));
  const begins: number[] = [];
  steps.forEach((step, s) => {
    const kind = kindOf(step);
    if (s === 0 || cuts.has(s) || kind === 'waits' || kind !== kindOf(steps[s - 1]!)) begins.push(s);
  });
  /** The parts that read a slot behind it was made; guards and the caller read at the end. */
  const lastRead = new Map<number, number>();
  const ranges = begins.map((from, i) => [from, begins[i + 1] ?? steps.length] as const);
  ranges.forEach(([from, to], part) => {
    for (const { inputs } of steps.slice(from, to)) for (const slot of inputs) lastRead.set(slot, part);
  });
  for (const { position, slot } of guards) {
    // It is read behind the last of these parts, so the next frees it.
    const next = ranges.filter(([from]) => from < position).length;
    lastRead.set(slot, Math.max(lastRead.get(slot) ?? -1, next));
  }
  for (const slot of kept) lastRead.set(slot, Infinity);
  const madeBefore = new Set<number>();
  return ranges.map(([from, to], part) => {
    const own = steps.slice(from, to);
    const made = new Set(own.flatMap(({ outputs }) => outputs));
    const read = new Set(own.flatMap(({ inputs }) => inputs));
    const free = [...madeBefore].filter((slot) => lastRead.get(slot)! <= part);
    for (const slot of free) madeBefore.delete(slot);
    const outputs = [...made].filter((slot) => lastRead.get(slot)! > part);
    for (const slot of outputs) madeBefore.add(slot);
    const last = new Map<number, number>();
    own.forEach((step, s) => [...step.outputs, ...step.inputs].forEach((slot) => last.set(slot, s)));
    for (const slot of outputs) last.delete(slot);
    const dead = own.map((): number[] => []);
    for (const [slot, s] of last) if (made.has(slot)) dead[s]!.push(slot);
    return {
      steps: own,
      position: from,
      kind: kindOf(own[0]!),
      inputs: [...read].filter((slot) => !made.has(slot) && !known.has(slot)),
      outputs,
      dead,
      free,
    };
  });
}

/**
 * Runs a part op by op. Whatever happens, only its outputs are left.
 *
 * @param known the values of constants and weights
 * @param x the values of its inputs
 * @param read the numbers that the host has read of its only step
 */
function runPart(
  { steps, inputs, outputs, dead }: Part,
  known: ReadonlyMap<number, Tensor>,
  x: readonly Tensor[],
  read?: ReadonlyMap<number, readonly number[]>,
): PartResult {
  const values = new Map(inputs.map((slot, i) => [slot, x[i]!]));
  const own = new Set<Tensor>();
  const valueOf = (slot: number): Tensor => values.get(slot) ?? known.get(slot)!;
  try {
    for (const [s, step] of steps.entries()) {
      const made = runRow(step, step.inputs.map(valueOf), (i) => step.numbers.get(i) ?? read?.get(i));
      for (const y of made) own.add(y);
      if (made.length !== step.outputs.length) return OTHER_WAY;
      made.forEach((y, i) => values.set(step.outputs[i]!, y));
      for (const slot of dead[s]!) {
        const value = valueOf(slot);
        if (own.delete(value)) value.dispose();
      }
    }
    const results = outputs.map(valueOf);
    for (const result of results) own.delete(result);
    return results;
  } finally {
    for (const tensor of own) tensor.dispose();
  }
}

/** A part that runs as a program as soon as there is what records it. */
export function runnable(part: Part, known: ReadonlyMap<number, Tensor>, isRecorded: boolean): RunnablePart {
  let program: Recorded<(...x: readonly Tensor[]) => PartResult> | null = null;
  const mayBeRecorded = isRecorded && part.kind === 'runs';
  return {
    ...part,
    run: (x, read) => {
      program ??=
        (mayBeRecorded ? currentRecorder() : null)?.(
          (...inputs: readonly Tensor[]) => runPart(part, known, inputs),
          RECORDING,
        ) ?? null;
      return program ? program(...x) : runPart(part, known, x, read);
    },
    dispose: () => program?.dispose(),
  };
}

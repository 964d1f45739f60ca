import { activeBackend } from '../../src/kernels/active-backend';
import { CpuBackend } from '../../src/kernels/cpu/backend';
import { prepareProgram } from '../../src/kernels/programs/executable';
import { passes, type Rounding } from '../../src/kernels/programs/optimise';
import { outputSlots } from '../../src/kernels/programs/output-slots';
import type { Program } from '../../src/kernels/programs/program';
import { programsOf } from '../../src/programs/recorded';
import * as dl from 'rxtensor';
import { measurePairs } from '../measure';
import type { ProgramCase } from './case';
import { fresh, replayed } from './contestants';

/** What a pass does for the program of a case. */
export interface PassEffect {
  readonly pass: string;
  readonly case: string;
  /** Steps of the program without the pass, and with it; equal for a pass over what runs, not over steps. */
  readonly steps: readonly [number, number];
  /** How many times as fast the program is with the pass. */
  readonly ratio: number;
}

/** Joining elementwise steps to compiled loops, and reading and writing parts of rows in them, is done by the executable. */
const CHAINS = 'chains';

/** The names of the passes that keep bits, each once. */
const keeping: readonly string[] = [
  ...new Set(passes.filter((pass) => pass.for.includes('same')).map(({ name }) => name)),
  CHAINS,
];

/** The names of those for rounding 'close' alone. */
const roundingOtherwise: readonly string[] = [...new Set(passes.map(({ name }) => name))].filter(
  (name) => !keeping.includes(name),
);

/** The program of a case without one pass, on handles of its own; its run. */
function prepared(
  backend: CpuBackend,
  c: Recorded,
  rounding: Rounding,
  without: string,
): { run: () => void; steps: number } {
  const program = passes
    .filter(({ name, for: roundings }) => roundings.includes(rounding) && name !== without)
    .reduce((before, { run }) => run(before), c.program);
  const { linear, kernels, device, level } = backend;
  const target =
    without === CHAINS
      ? new CpuBackend(kernels, linear, device)
      : new CpuBackend(kernels, linear, device, level);
  const executable = prepareProgram(target, program);
  const outputs = outputSlots(program).map((slot) => backend.allocate(program.slots[slot]!.size));
  return { run: () => executable.run(c.inputs, outputs), steps: program.steps.length };
}

interface Recorded {
  readonly program: Program;
  readonly inputs: Parameters<ReturnType<typeof prepareProgram>['run']>[0];
}

function recordedCase(c: ProgramCase): Recorded {
  const work = replayed(fresh(c));
  for (let call = 0; call < 4; call++) dl.tidy(() => void work.f(...work.args));
  const [entry] = [...programsOf(work.f as never)!.values()];
  const { program, captured } = entry!.replay!.recording;
  const varying: unknown[] = [];
  for (const step of program.steps) if (step.varying !== undefined) varying[step.varying] = step.attributes;
  const handlesOf = (tensors: readonly dl.Tensor[]): unknown[] => tensors.map(({ handle }) => handle);
  return {
    program,
    inputs: { arguments: handlesOf(work.args as never), captured: handlesOf(captured), varying },
  };
}

/** Measures what each pass does for the program of a case. */
export async function passEffects(c: ProgramCase, rounds: number): Promise<PassEffect[]> {
  const backend = activeBackend() as CpuBackend;
  const found = recordedCase(c);
  const effects: PassEffect[] = [];
  for (const [rounding, names] of [
    ['same', keeping],
    ['close', roundingOtherwise],
  ] as const) {
    const whole = prepared(backend, found, rounding, '');
    for (const name of names) {
      const without = prepared(backend, found, rounding, name);
      // One that changes nothing has nothing to be measured.
      if (rounding === 'close' && without.steps === whole.steps) continue;
      const pairs = await measurePairs(whole.run, without.run, Math.ceil(rounds / 3));
      const steps = [without.steps, whole.steps] as const;
      const pass = rounding === 'same' ? name : `${name}, with rounding 'close'`;
      effects.push({ pass, case: c.name, steps, ratio: pairs.paired((own, other) => other / own) });
    }
  }
  return effects;
}

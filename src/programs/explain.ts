import { BYTES_PER_ELEMENT } from '../kernels';
import type { TimedSchedule } from '../kernels/programs/executable';
import { printProgram, printSchedule } from '../kernels/programs/print';
import { wrongArgument } from '../tensor/argument';
import { tidy } from '../tensor/scope';
import type { Tensor } from '../tensor/tensor';
import type { Entry } from './entries';
import { knownCall, programsOf } from './recorded';
import type { Replay } from './replay';

/** Runs before the timed ones: chains are compiled in them. */
const FIRST_RUNS = 4;
/** The time of a task is the median of so many runs. */
const TIMED_RUNS = 15;

/**
 * Describes the programs of a recorded function to a person: for each signature what goes in, the steps and which of them are joined, what comes
 * out, and the bytes.
 *
 * @param f a function that {@link recorded} has made, and that has been called
 * @param args arguments as of a call: the program for them is run some times, and shown as it is run, with the milliseconds that each step takes. Results
 *   are dropped; variables and random numbers stay as they are. Only on the CPU: on a GPU a step has not been done when its call ends
 * @returns a text; it says so where nothing has been recorded yet, or why something cannot be
 * @throws when `f` is no recorded function
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { explain, recorded } from 'rxtensor/programs';
 * const f = recorded((x: dl.Tensor) => x.mul(2).add(1).relu());
 * for (let i = 0; i < 3; i++) dl.tidy(() => void f(dl.ones([4])));
 * console.log(explain(f)); // … chain of 3 steps …
 * dl.tidy(() => console.log(explain(f, [dl.ones([4])]))); // … 0.0011 ms, 100.0 %: … chain of 3 steps …
 * ```
 */
export function explain(f: (...args: never[]) => unknown, args?: readonly unknown[] | null): string {
  const entries = programsOf(f);
  if (!entries) throw new Error("explain: argument 'f' is no recorded function; wanted what recorded() gave");
  if (args !== undefined && args !== null && !Array.isArray(args))
    throw wrongArgument('explain', 'args', args, 'a list of the arguments of a call');
  const call = args ? knownCall(entries, args) : undefined;
  const timed = call?.entry.replay ? timeOf(call.entry.replay, call.tensors) : null;
  const texts = [...entries].map(([key, entry]) => textOf(key, entry, entry === call?.entry ? timed : null));
  return texts.join('\n\n') || 'nothing has been recorded yet';
}

function textOf(
  key: string,
  { replay, refusal, isTaped, recording }: Entry,
  timed: TimedSchedule | null,
): string {
  const [backend = '', , ...signature] = key.split(';');
  const title = `(${signature.join('; ')}) on ${backend}`;
  if (refusal !== null) return `${title}: cannot be recorded: ${refusal}`;
  if (isTaped) return `${title}: runs as it is, since gradients flow through its result`;
  if (!replay)
    return `${title}: ${recording ? 'recorded once' : 'not recorded'}; the program is ready when two calls agree`;
  const { program, executable } = replay;
  const before = recording!.program;
  const kept = before.slots.reduce(
    (sum, { origin, size }) => sum + (origin.kind === 'constant' ? size : 0),
    0,
  );
  return [
    `${title}: ${before.steps.length} kernel calls recorded, ${program.steps.length} steps`,
    timed ? printSchedule(timed.schedule, timed.times) : printProgram(program),
    `constants: ${kept * BYTES_PER_ELEMENT} bytes`,
    ...(executable() ? [`arena: ${executable()!.arenaBytes} bytes`] : []),
  ].join('\n');
}

/** The median times of the tasks of a program; null on a backend that cannot tell. */
function timeOf(replay: Replay, tensors: readonly Tensor[]): TimedSchedule | null {
  const run = (): TimedSchedule | null => tidy(() => replay.time(tensors));
  for (let i = 0; i < FIRST_RUNS; i++) if (!run()) return null;
  const runs = Array.from({ length: TIMED_RUNS }, () => run()!);
  const { schedule } = runs[0]!;
  const times = schedule.tasks.map(
    (_, task) => runs.map((each) => each.times[task]!).sort((a, b) => a - b)[TIMED_RUNS >> 1]!,
  );
  return { schedule, times };
}

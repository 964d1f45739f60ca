import { BYTES_PER_ELEMENT } from '../kernels';
import { printProgram } from '../kernels/programs/print';
import { programsOf } from './recorded';

/**
 * Describes the programs of a recorded function to a person: for each signature what goes in, the steps and which of them are joined, what comes
 * out, and the bytes.
 *
 * @param f a function that {@link recorded} has made, and that has been called
 * @returns a text; it says so where nothing has been recorded yet, or why something cannot be
 * @throws when `f` is no recorded function
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { explain, recorded } from 'rxtensor/programs';
 * const f = recorded((x: dl.Tensor) => x.mul(2).add(1).relu());
 * for (let i = 0; i < 3; i++) dl.tidy(() => void f(dl.ones([4])));
 * console.log(explain(f)); // … chain of 3 steps …
 * ```
 */
export function explain(f: (...args: never[]) => unknown): string {
  const entries = programsOf(f);
  if (!entries) throw new Error("explain: argument 'f' is no recorded function; wanted what recorded() gave");
  const texts = [...entries].map(([key, { replay, refusal, isTaped, recording }]) => {
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
      printProgram(program),
      `constants: ${kept * BYTES_PER_ELEMENT} bytes`,
      ...(executable() ? [`arena: ${executable()!.arenaBytes} bytes`] : []),
    ].join('\n');
  });
  return texts.join('\n\n') || 'nothing has been recorded yet';
}

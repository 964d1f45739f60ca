import { activeBackend, type Backend } from '../kernels';
import { sparingMemory } from '../kernels/cpu/memory';
import type { Program } from '../kernels/programs/program';
import { observeAbandoned } from '../tensor/abandoned';
import { isPromise, tensorsIn } from '../tensor/container';
import { observeDevice } from '../tensor/device-observers';
import { inScope, currentScope, type Survivors } from '../tensor/extent';
import { running } from '../tensor/host-state';
import { survivorsIn } from '../tensor/scope';
import { isTaped } from '../tensor/tape';
import type { Tensor } from '../tensor/tensor';
import { livingVariables, type Variable } from '../tensor/variable';
import { Recorder } from './recorder';

/** One run of a function, written down. */
export interface Recording {
  readonly backend: Backend;
  readonly program: Program;
  /** What the function returned, whose tensors may have been freed since: only its structure is used. */
  readonly result: unknown;
  /** The tensors in the result, each once: the program's results. */
  readonly resultTensors: readonly Tensor[];
  readonly captured: readonly Tensor[];
  /** Whether each captured variable was trainable; true for other tensors. */
  readonly trainable: readonly boolean[];
  /** See {@link Recorder.sharing}. */
  readonly sharing: readonly (readonly (number | Tensor)[])[];
  readonly varying: readonly (() => object)[];
  readonly changed: readonly (() => void)[];
}

/** A run of a function, with what is known of it afterwards. */
export interface RecordedRun<R> {
  readonly result: R;
  readonly recording: Recording;
  /** Why no replay can do what the function did; null if one can. */
  readonly refusal: string | null;
  /** What the run left behind besides its result: then it says nothing of the next run. Null for nothing. */
  readonly leftBehind: string | null;
  /** Whether gradients flow through the result. */
  readonly isTaped: boolean;
}

/** Whether a function is being recorded. */
export function isRecording(): boolean {
  return running.listener !== null;
}

/** What makes a run throw when it cannot be recorded. */
export class Refusal extends Error {}

/**
 * Runs a function in a scope, and writes down what it does to tensors.
 *
 * @param args the tensors in its arguments
 * @param mayGoOn whether what cannot be recorded is only noted; otherwise it is an error
 */
export function record<R>(
  name: string,
  args: readonly Tensor[],
  mayGoOn: boolean,
  work: () => R,
): RecordedRun<R> {
  const backend = activeBackend();
  const recorder = new Recorder(name, args, mayGoOn);
  const before = new Map(livingVariables().map((each) => [each as Tensor, each.storage]));
  const abandoned = new Set<Tensor>();
  const endings = [observeDevice(recorder.observer), observeAbandoned((tensor) => abandoned.add(tensor))];
  running.listener = recorder;
  let finished = false;
  try {
    const run = inScope('tidy', name, survivorsOfRecorded(name), () => {
      // Replays take their memory in other pieces.
      const result = sparingMemory(work);
      for (const each of currentScope()!.tensors) if (each.isKept) abandoned.add(each);
      const resultTensors = tensorsIn(result);
      for (const each of resultTensors) each.assertUsable(name, 'result');
      const program = recorder.programOf(resultTensors);
      const { captured, varying, changed } = recorder;
      const newVariables = livingVariables().filter((each) => !before.has(each));
      const gone = captured.findIndex((each) => each.isDisposed && !before.has(each));
      const recording: Recording = {
        backend,
        program,
        result,
        resultTensors,
        captured,
        trainable: captured.map(isTrainable),
        sharing: recorder.sharing(args, before),
        varying,
        changed,
      };
      const refusal =
        recorder.refusal ??
        refusalOf(args, newVariables) ??
        (gone >= 0
          ? 'it uses a tensor from outside that it frees, or that the tape of another gradient holds'
          : null);
      if (refusal !== null && !mayGoOn) throw new Refusal(`${name}: ${refusal}`);
      const leftBehind =
        newVariables.length > 0
          ? `the variable '${newVariables[0]!.name}'`
          : [...abandoned].some(({ isDisposed }) => !isDisposed)
            ? 'a tensor that it keeps'
            : null;
      return { result, recording, refusal, leftBehind, isTaped: resultTensors.some(isTaped) };
    });
    finished = true;
    return run;
  } finally {
    running.listener = null;
    for (const end of endings) end();
    if (!finished)
      for (const each of livingVariables()) if (!before.has(each) && !each.isSlot) each.dispose();
  }
}

/** Whether gradients may flow to a tensor; variables can be exempt from it. */
export function isTrainable(tensor: Tensor): boolean {
  return (tensor as Partial<Variable>).trainable ?? true;
}

function refusalOf(args: readonly Tensor[], newVariables: readonly Variable[]): string | null {
  const variable = newVariables.find(({ isSlot }) => !isSlot);
  if (variable)
    return `it makes the variable '${variable.name}', which each call would make anew; wanted variables that exist before`;
  if (args.some(({ isDisposed }) => isDisposed))
    return "it disposes an argument; wanted arguments that stay the caller's";
  return null;
}

function survivorsOfRecorded(name: string): (run: RecordedRun<unknown>) => Survivors {
  return ({ result }) => {
    if (!isPromise(result)) return survivorsIn(result);
    result.then(undefined, () => undefined); // A rejection must not hide the error below.
    throw new Error(
      `${name}: the function returned a promise; wanted tensors or plain values: record the parts between two awaits, as inSegments does`,
    );
  };
}

import { activeBackend } from '../kernels';
import { assertFunction } from '../tensor/argument';
import { isDebugMode, warnOnce } from '../tensor/debug';
import { isDryRun } from '../tensor/dry-run';
import { tapingFrame } from '../tensor/extent';
import { running, type Endings } from '../tensor/host-state';
import { assertOptionValues, isOneOf, type OptionRules } from '../tensor/options';
import { tidy } from '../tensor/scope';
import { isTaped } from '../tensor/tape';
import type { Tensor } from '../tensor/tensor';
import { differenceBetween } from './difference';
import { keeperOf, keyOf, type Entry } from './entries';
import { isRecording, isTrainable, record, type Recording } from './recording';
import { replayOf, type Replay } from './replay';
import { signatureOf, signaturesOf, type Signature } from './signature';

/** Options of {@link recorded}. */
export interface RecordedOptions {
  /** What to do with a function that cannot be recorded: throw an error that says why (the default), or run it as it is, with one warning. */
  readonly otherwise?: 'throw' | 'run';
  /**
   * `same` (the default): on the CPU, results have the bits that they have unrecorded. `close`: they may differ in their last bits, as those of a sum in
   * another order do, so that products and convolutions can take in the bias, the padding, the transpose, or the batch normalisation by constants
   * beside them.
   */
  readonly rounding?: 'same' | 'close';
  /** The most programs that are kept; the one that was used least recently is dropped first. 16 when left out. */
  readonly programs?: number;
}

const optionRules: OptionRules<RecordedOptions> = {
  otherwise: isOneOf(['throw', 'run']),
  rounding: isOneOf(['same', 'close']),
  programs: [(value) => Number.isInteger(value) && (value as number) >= 1, 'a positive integer'],
};

/** @throws for what is no option of {@link recorded}, or a wrong value */
export function assertRecordedOptions(name: string, options: RecordedOptions): void {
  assertOptionValues<RecordedOptions>(name, options, optionRules);
}

/** A function that {@link recorded} has made. */
export type Recorded<F extends (...args: never[]) => unknown> = F & {
  /** Frees the programs. Nobody has to call it: what they hold on the device is freed with the subscription, or by the garbage collector. */
  readonly dispose: () => void;
};

/** How often kernels may differ from those of the call before, as they do where a first call fills a cache. */
const MOST_ATTEMPTS = 3;
/** In debug mode one of so many calls really runs the function, and is compared with the program. */
const CALLS_BETWEEN_CHECKS = 8;
/** How many values of one number get programs of their own without a warning. */
const MOST_VALUES = 8;

const collected = new FinalizationRegistry<ReadonlyMap<string, Entry>>((entries) => {
  for (const { replay } of entries.values()) replay?.release();
});

/**
 * Records what a function does to tensors, and replays that instead of calling the function: a replay checks no shapes, opens no scopes and
 * keeps no tape, and runs on memory that is planned ahead.
 *
 * The first two calls with arguments of one signature (their structure, shapes, types and plain values) really run the function and are compared; later
 * ones replay. Variables and other tensors that the function finds outside of its arguments are read anew by each replay, assignments to variables
 * and steps of optimizers happen in each, and random numbers go on as they do without it.
 *
 * Where gradients flow through the result (in `grad`, or on the tape of an emission), the function runs as it is, so that the gradients are those of its ops. What a
 * function differentiates itself is recorded: `recorded(x => grad(f)(x))`, `recorded(batch => optimizer.minimize(() => loss(batch)))`.
 *
 * @param f takes and gives tensors and plain values, in arrays and plain objects. All that it does besides must be repeatable: it must not read
 *   values on the host, make variables, keep or dispose tensors, or use values of plain JavaScript that change from call to call
 * @returns a function of the same signature, and `dispose` to free its programs early
 * @throws (the function that it returns) when something cannot be repeated, with the op and the value; see {@link RecordedOptions.otherwise}
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { recorded } from 'rxtensor/programs';
 * const weights = dl.variable(() => dl.randomNormal([4, 2], 0, 1, 'float32', 1));
 * const model = recorded((x: dl.Tensor) => dl.softmax(x.matMul(weights)));
 * for (let i = 0; i < 4; i++) dl.tidy(() => model(dl.ones([3, 4])).print()); // two recordings, two replays
 * weights.dispose();
 * ```
 */
export function recorded<F extends (...args: never[]) => unknown>(
  f: F,
  options?: RecordedOptions | null,
): Recorded<F> {
  assertFunction(NAME, 'f', f);
  const given = options ?? {};
  assertRecordedOptions(NAME, given);
  const { otherwise = 'throw', rounding = 'same', programs = 16 } = given;
  const mayGoOn = otherwise === 'run';
  const entries = new Map<string, Entry>();
  const users = new Set<Endings>();
  const seen = new Map<string, Set<number>>();
  const work = f as unknown as (...args: readonly unknown[]) => unknown;

  const release = (): void => {
    for (const { replay } of entries.values()) replay?.release();
  };

  const asItIs = (args: readonly unknown[]): unknown => tidy(NAME, () => work(...args));
  const signatureOfCall = signaturesOf(NAME);
  const entryOfCall = keeperOf(entries, programs);

  const call = (...args: readonly unknown[]): unknown => {
    if (isRecording() || isDryRun()) return work(...args);
    const signature = signatureOfCall(args);
    const isTaping = tapingFrame() !== null;
    if (isTaping && signature.tensors.some(isTaped)) return asItIs(args);
    const entry = entryOfCall(signature);
    if (entry.isNew) noteNumbers(seen, signature);
    entry.isNew = false;
    if (entry.recording && !fits(entry.recording, signature.tensors)) forget(entry);
    if (entry.refusal === null && entry.isTaped) return asItIs(args);
    if (isTaping && entry.recording?.captured.some(isTaped)) return asItIs(args);
    if (entry.refusal !== null) return refused(entry.refusal, mayGoOn, () => work(...args));
    if (!entry.replay) {
      const prepare = (recording: Recording): Replay =>
        replayOf(NAME, recording, signature.tensors, rounding);
      return tidy(NAME, () => recordedCall(entry, signature, mayGoOn, () => work(...args), prepare));
    }
    if (isDebugMode() && ++entry.checked % CALLS_BETWEEN_CHECKS === 0)
      return tidy(NAME, () => checkedCall(entry.recording!, signature, () => work(...args)));
    useIn(running.subscription, users, release);
    try {
      return entry.replay.run(signature.tensors);
    } catch (error) {
      forget(entry);
      throw error;
    }
  };
  const replaying = call as unknown as F & { dispose: () => void };
  replaying.dispose = () => {
    release();
    entries.clear();
  };
  collected.register(replaying, entries);
  known.set(replaying, entries);
  return replaying;
}

const NAME = 'recorded';

const known = new WeakMap<object, ReadonlyMap<string, Entry>>();

/** What a recorded function knows of its calls, by their signatures; undefined for another function. */
export function programsOf(f: (...args: never[]) => unknown): ReadonlyMap<string, Entry> | undefined {
  return known.get(f);
}

/** The entry of calls with these arguments, and the tensors in them; undefined where a call would have to be recorded. */
export function knownCall(
  entries: ReadonlyMap<string, Entry>,
  args: readonly unknown[],
): { readonly entry: Entry; readonly tensors: readonly Tensor[] } | undefined {
  const signature = signatureOf(NAME, args);
  const entry = entries.get(keyOf(signature));
  if (!entry?.recording || !fits(entry.recording, signature.tensors)) return undefined;
  return { entry, tensors: signature.tensors };
}

/** Warns if a number in the arguments takes ever new values, each of which gets a program. */
function noteNumbers(seen: Map<string, Set<number>>, { numbers }: Signature): void {
  for (const [place, value] of numbers) {
    const values = seen.get(place) ?? new Set();
    seen.set(place, values.add(value));
    if (values.size <= MOST_VALUES) continue;
    warnOnce(
      `recorded: the number at argument ${place} has taken more than ${MOST_VALUES} values, and a program is recorded for each; pass a scalar ` +
        'tensor: dl.scalar(value)',
      `recorded ${place}`,
    );
  }
}

/** Whether what a recording found is still so: the same backend, captured tensors alive, and those equal that shared their values. */
function fits({ backend, captured, trainable, sharing }: Recording, args: readonly Tensor[]): boolean {
  return (
    backend === activeBackend() &&
    captured.every((tensor, i) => !tensor.isDisposed && isTrainable(tensor) === trainable[i]) &&
    sharing.every((group) => {
      const { storage } = tensorOf(group[0]!, args);
      return group.every((member) => tensorOf(member, args).storage === storage);
    })
  );
}

/** A member of a group of {@link Recording.sharing}. */
function tensorOf(member: number | Tensor, args: readonly Tensor[]): Tensor {
  return typeof member === 'number' ? args[member]! : member;
}

function forget(entry: Entry): void {
  entry.replay?.release();
  entry.recording = entry.replay = entry.refusal = null;
  entry.attempts = 0;
  entry.isTaped = false;
}

function refused(refusal: string, mayGoOn: boolean, work: () => unknown): unknown {
  if (!mayGoOn) throw new Error(`${NAME}: ${refusal}`);
  warnOnce(`${NAME}: ${refusal}. The function runs as it is, since otherwise is 'run'`);
  return work();
}

/** Runs the function and records it. When two recordings agree, the program is ready. */
function recordedCall(
  entry: Entry,
  signature: Signature,
  mayGoOn: boolean,
  work: () => unknown,
  prepare: (recording: Recording) => Replay,
): unknown {
  const run = record(NAME, signature.tensors, mayGoOn, work);
  const { recording, result } = run;
  if (run.isTaped) {
    entry.recording = recording;
    entry.isTaped = true;
    return result;
  }
  const before = entry.recording;
  const difference = before && !run.leftBehind ? differenceBetween(before, recording) : null;
  const isNew = run.leftBehind !== null || difference?.isStructural === true;
  if (isNew) entry.attempts++;
  const refusal =
    run.refusal ??
    (difference && !difference.isStructural ? difference.message : null) ??
    (entry.attempts < MOST_ATTEMPTS
      ? null
      : run.leftBehind !== null
        ? `it leaves ${run.leftBehind} behind, which a replay would not`
        : (difference?.message ?? null));
  if (refusal !== null) {
    entry.refusal = refusal;
    return refused(refusal, mayGoOn, () => result);
  }
  entry.recording = run.leftBehind ? null : recording;
  if (before && !isNew) entry.replay = prepare(recording);
  return result;
}

/** Runs the function instead of a replay. @throws if it does something else than the program */
function checkedCall(recording: Recording, { tensors }: Signature, work: () => unknown): unknown {
  const run = record(NAME, tensors, true, work);
  const difference = run.refusal ?? differenceBetween(recording, run.recording)?.message;
  if (difference !== undefined)
    throw new Error(
      `${NAME}: the function does something else than its program, found in debug mode: ${difference}`,
    );
  return run.result;
}

/** Frees what programs hold on the device when the last subscription in which they were used has ended. */
function useIn(subscription: Endings | null, users: Set<Endings>, release: () => void): void {
  if (!subscription || users.has(subscription)) return;
  users.add(subscription);
  subscription.add(() => {
    users.delete(subscription);
    if (users.size === 0) release();
  });
}

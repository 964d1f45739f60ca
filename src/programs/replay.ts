import { prepareProgram, type Executable, type TimedSchedule } from '../kernels/programs/executable';
import { optimise, type Rounding } from '../kernels/programs/optimise';
import { outputSlots } from '../kernels/programs/output-slots';
import type { Program } from '../kernels/programs/program';
import { isTensor, mapContainer } from '../tensor/container';
import { isDebugMode } from '../tensor/debug';
import type { Storage } from '../tensor/device';
import { newTensor } from '../tensor/new-tensor';
import { Tensor } from '../tensor/tensor';
import type { Variable } from '../tensor/variable';
import { inPlaceOutputs } from './in-place';
import type { Recording } from './recording';

/** A program that can be run in place of the function that it was recorded from. */
export interface Replay {
  readonly recording: Recording;
  /** What is run: the recorded program in fewer steps. */
  readonly program: Program;
  /** The executable that runs it; null while nobody has run it, or when it has been released. */
  readonly executable: () => Executable | null;
  /** Does what the function did, with these tensors as the tensors in its arguments. The innermost scope owns the new tensors in the result. */
  readonly run: (args: readonly Tensor[]) => unknown;
  /**
   * Runs the program on these tensors and drops its results: variables and random numbers stay as they are.
   *
   * @returns how long each task took; null on a backend that cannot tell
   */
  readonly time: (args: readonly Tensor[]) => TimedSchedule | null;
  /** Frees what it holds on the device. A later run brings it there again. */
  readonly release: () => void;
}

/** Where values come from: the storage of an argument, of a captured tensor, or of an output. */
interface Source {
  readonly from: 'argument' | 'captured' | 'output';
  readonly position: number;
}

/** @param args the tensors in the arguments of the recorded run */
export function replayOf(
  name: string,
  recording: Recording,
  args: readonly Tensor[],
  rounding: Rounding,
): Replay {
  const { backend, captured, varying, changed, resultTensors } = recording;
  const program = optimise(recording.program, rounding, backend.name === 'cpu');
  const { slots, results, updates } = program;
  const outputs = outputSlots(program);
  const inPlace = inPlaceOutputs(program);
  const sourceOf = (slot: number): Source => {
    const { origin } = slots[slot]!;
    if (origin.kind === 'argument' || origin.kind === 'captured')
      return { from: origin.kind, position: origin.position };
    return { from: 'output', position: outputs.indexOf(slot) };
  };
  const newValues = updates.map(({ slot }) => sourceOf(slot));
  /** The results that are not new: arguments and captured tensors themselves. */
  const passedOn = resultTensors.map((tensor): Source | null => {
    const argument = args.indexOf(tensor);
    if (argument >= 0) return { from: 'argument', position: argument };
    const position = captured.indexOf(tensor);
    return position >= 0 ? { from: 'captured', position } : null;
  });
  const resultSources = results.map(({ slot }) => sourceOf(slot));
  /** For each output the first result that it becomes; -1 where it is only an update. */
  const becomes = outputs.map((slot) =>
    results.findIndex((result, i) => result.slot === slot && !passedOn[i]),
  );
  const outputInfos = outputs.map((slot, i) => ({
    shape: results[becomes[i]!]?.shape ?? [slots[slot]!.size],
    dtype: slots[slot]!.dtype,
    /** The captured tensor over which the new values may be written. */
    over: inPlace[i]! < 0 ? null : captured[inPlace[i]!]!,
  }));
  const resultOf = resultMaker(recording);
  const recordedAttributes: unknown[] = [];
  for (const { varying: position, attributes } of recording.program.steps)
    if (position !== undefined) recordedAttributes[position] = attributes;
  let executable: Executable | null = null;

  // One call is over before the next begins, so that all use the same lists: a replay leaves no garbage but its result.
  const inputs = {
    arguments: args.map((): unknown => null),
    captured: captured.map((): unknown => null),
    varying: varying.map((): unknown => null),
  };
  const handles = outputs.map((): unknown => null);
  /** New tensors for the outputs; null where the new values are written over the old ones. */
  const fresh = outputs.map((): Tensor | null => null);
  const storages: Storage[] = [];
  let given: readonly Tensor[] = [];

  /** @param isRepeated whether attributes that vary are computed anew, and states of the host move on */
  const placeInputs = (isRepeated: boolean): void => {
    for (let i = 0; i < given.length; i++) {
      given[i]!.storage.moveTo(backend, name);
      inputs.arguments[i] = given[i]!.handle;
    }
    for (let i = 0; i < captured.length; i++) captured[i]!.storage.moveTo(backend, name);
    executable ??= prepareProgram(backend, program);
    for (let i = 0; i < captured.length; i++) inputs.captured[i] = captured[i]!.handle;
    for (let i = 0; i < varying.length; i++)
      inputs.varying[i] = isRepeated ? varying[i]!() : recordedAttributes[i];
  };
  const allocateOutputs = (mayWriteInPlace: boolean): void => {
    for (let i = 0; i < outputInfos.length; i++) {
      const { shape, dtype, over } = outputInfos[i]!;
      const writesOver = mayWriteInPlace && over?.storage.isExclusive === true;
      // What is only an update belongs to no scope.
      if (!writesOver) fresh[i] = newTensor(backend, shape, dtype, becomes[i]! < 0 ? 'hidden' : 'scope');
      handles[i] = (writesOver ? over : fresh[i]!).handle;
    }
  };
  /** Frees the new tensors that no variable has taken over; all of them when the run has failed. */
  const discard = (hasFailed: boolean): void => {
    for (let i = 0; i < fresh.length; i++)
      if (becomes[i]! < 0) fresh[i]?.disposeHidden();
      else if (hasFailed) fresh[i]?.dispose();
  };
  const storageOf = ({ from, position }: Source): Storage => {
    if (from === 'argument') return given[position]!.storage;
    if (from === 'captured') return captured[position]!.storage;
    return (fresh[position] ?? outputInfos[position]!.over!).storage;
  };
  const resultTensor = (i: number): Tensor => {
    const passed = passedOn[i];
    if (passed) return (passed.from === 'argument' ? given : captured)[passed.position]!;
    const source = resultSources[i]!;
    if (source.from === 'output' && becomes[source.position] === i) return fresh[source.position]!;
    const { shape, slot } = results[i]!;
    return new Tensor(storageOf(source), shape, slots[slot]!.dtype, 'scope', true);
  };
  const update = (): void => {
    // All are found before any is swapped in: a variable may take over the old values of another.
    for (let i = 0; i < newValues.length; i++) storages[i] = storageOf(newValues[i]!);
    // Backwards: the next run is then given the memory of the old values in the order of the outputs, and finds it as the run before has bound it.
    for (let i = updates.length - 1; i >= 0; i--)
      (captured[updates[i]!.captured] as Variable).swap(storages[i]!);
    for (let i = 0; i < changed.length; i++) changed[i]!();
    discard(false);
  };

  return {
    recording,
    program,
    executable: () => executable,
    release: () => {
      executable?.dispose();
      executable = null;
    },
    time: (tensors) => {
      given = tensors;
      try {
        placeInputs(false);
        allocateOutputs(false);
        return executable!.time?.(inputs, handles) ?? null;
      } finally {
        discard(true);
        given = [];
        fresh.fill(null);
      }
    },
    run: (tensors) => {
      given = tensors;
      try {
        placeInputs(true);
        let result: unknown;
        try {
          allocateOutputs(backend.writesInPlace && !isDebugMode());
          executable!.run(inputs, handles);
          result = resultOf(resultTensor);
        } catch (error) {
          discard(true);
          throw error;
        }
        update();
        return result;
      } finally {
        given = [];
        fresh.fill(null);
        storages.length = 0;
      }
    },
  };
}

/** Makes what the function returned, with other tensors, which are asked for by position. */
function resultMaker({
  result,
  resultTensors,
}: Recording): (tensorAt: (position: number) => Tensor) => unknown {
  if (isTensor(result)) return (tensorAt) => tensorAt(0);
  const positions = new Map(resultTensors.map((tensor, i) => [tensor, i]));
  return (tensorAt) => mapContainer(result, (tensor) => tensorAt(positions.get(tensor)!));
}

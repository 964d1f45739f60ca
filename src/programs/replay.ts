import { prepareProgram, type Executable } from '../kernels/programs/executable';
import { optimise } from '../kernels/programs/optimise';
import { outputSlots } from '../kernels/programs/output-slots';
import type { Program } from '../kernels/programs/program';
import { mapContainer } from '../tensor/container';
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
  /** Frees what it holds on the device. A later run brings it there again. */
  readonly release: () => void;
}

/** Where values come from: the storage of an argument, of a captured tensor, or of an output. */
interface Source {
  readonly from: 'argument' | 'captured' | 'output';
  readonly position: number;
}

/** @param args the tensors in the arguments of the recorded run */
export function replayOf(name: string, recording: Recording, args: readonly Tensor[]): Replay {
  const { backend, captured, varying, changed, resultTensors } = recording;
  const program = optimise(recording.program);
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
  /** The results that are not made: arguments and captured tensors themselves. */
  const passedOn = resultTensors.map((each): Source | null => {
    const argument = args.indexOf(each);
    if (argument >= 0) return { from: 'argument', position: argument };
    const position = captured.indexOf(each);
    return position >= 0 ? { from: 'captured', position } : null;
  });
  const resultSources = results.map(({ slot }) => sourceOf(slot));
  /** For each output the first result that it becomes; -1 where it is only an update. */
  const becomes = outputs.map((slot) => results.findIndex((each, i) => each.slot === slot && !passedOn[i]));
  let executable: Executable | null = null;

  /** New tensors for the outputs; null where the new values are written over the old ones. */
  const allocate = (made: (Tensor | null)[]): void => {
    const mayWriteInPlace = backend.writesInPlace && !isDebugMode();
    outputs.forEach((slot, i) => {
      const { size, dtype } = slots[slot]!;
      const writesOver = mayWriteInPlace && inPlace[i]! >= 0 && captured[inPlace[i]!]!.storage.isExclusive;
      made.push(writesOver ? null : newTensor(backend, results[becomes[i]!]?.shape ?? [size], dtype));
    });
  };

  return {
    recording,
    program,
    executable: () => executable,
    release: () => {
      executable?.dispose();
      executable = null;
    },
    run: (given) => {
      for (const each of given) each.storage.moveTo(backend, name);
      for (const each of captured) each.storage.moveTo(backend, name);
      executable ??= prepareProgram(backend, program);
      const attributes = varying.map((again) => again());
      const made: (Tensor | null)[] = [];
      const storageOf = ({ from, position }: Source): Storage => {
        if (from === 'argument') return given[position]!.storage;
        if (from === 'captured') return captured[position]!.storage;
        return (made[position] ?? captured[inPlace[position]!]!).storage;
      };
      let tensors: Tensor[];
      try {
        allocate(made);
        executable.run(
          { arguments: given.map(handleOf), captured: captured.map(handleOf), varying: attributes },
          made.map((each, i) => handleOf(each ?? captured[inPlace[i]!]!)),
        );
        tensors = results.map(({ shape, slot }, i) => {
          const passed = passedOn[i];
          if (passed) return (passed.from === 'argument' ? given : captured)[passed.position]!;
          const source = resultSources[i]!;
          if (source.from === 'output' && becomes[source.position] === i) return made[source.position]!;
          return new Tensor(storageOf(source), shape, slots[slot]!.dtype, 'scope', true);
        });
      } catch (error) {
        for (const each of made) each?.dispose();
        throw error;
      }
      // Found before any is swapped in: a variable may take over the old values of another.
      const storages = newValues.map(storageOf);
      updates.forEach((update, i) => (captured[update.captured] as Variable).swap(storages[i]!));
      for (const again of changed) again();
      made.forEach((each, i) => {
        if (becomes[i]! < 0) each?.dispose();
      });
      return mapContainer(recording.result, (each) => tensors[resultTensors.indexOf(each)]!);
    },
  };
}

function handleOf(tensor: Tensor): unknown {
  return tensor.handle;
}

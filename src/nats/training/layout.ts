/**
 * The layout of what members send each other: one vector of float32, with the gradient of each variable at a fixed place. All members must have the
 * same, so a text that describes it is compared when a member joins.
 */
import { described } from '../../tensor/argument';
import { formatShape } from '../../tensor/shape';
import { hasMadeUpName, type Variable } from '../../tensor/variable';
import { crc32 } from '../../streams/checkpoints/crc32';

/** A part of the vector: the values of one tensor. */
export interface Segment {
  readonly name: string;
  readonly shape: readonly number[];
  readonly size: number;
}

/** What is agreed on before members train together. */
export interface Layout {
  /** The gradients, then the statistics. The loss and the metrics follow them. */
  readonly segments: readonly Segment[];
  /** Describes the segments and the settings of the run. Members whose texts differ cannot train together. */
  readonly text: string;
  /** The CRC-32 of the text, which every message carries. */
  readonly hash: number;
}

/** The layout of a run. @param settings what all members must have alike besides the variables */
export function layoutOf(
  trained: readonly Variable[],
  statistics: readonly Variable[],
  settings: Readonly<Record<string, string | number | boolean>>,
): Layout {
  const segments = [...trained, ...statistics].map(({ name, shape, size }) => ({ name, shape, size }));
  const lines = segments.map(
    ({ name, shape }, i) =>
      `${i < trained.length ? 'variable' : 'statistic'} ${JSON.stringify(name)} of shape ${formatShape(shape)}`,
  );
  const text = [...Object.entries(settings).map(([key, value]) => `${key} ${String(value)}`), ...lines].join(
    '\n',
  );
  return { segments, text, hash: crc32(new TextEncoder().encode(text)) };
}

/** @throws unless all variables are float32, not disposed, each given once, and named by the program: made-up names differ from process to process */
export function assertShareable(name: string, option: string, variables: readonly Variable[]): void {
  for (const [i, each] of variables.entries()) {
    each.assertUsable(name, option);
    if (hasMadeUpName(each))
      throw new Error(
        `${name}: option '${option}' has '${each.name}', a name that was made up and that differs from process to process; wanted ` +
          "variables with names of their own: variable(initialValue, trainable, 'name')",
      );
    if (each.dtype !== 'float32')
      throw new Error(
        `${name}: option '${option}' has '${each.name}', which is ${each.dtype}; wanted float32`,
      );
    if (variables.indexOf(each) !== i)
      throw new Error(`${name}: option '${option}' has '${each.name}' twice; wanted each once`);
  }
}

/** The first difference between the layout of the run and the one here, in words. */
export function differenceOf(run: string, here: string): string {
  const [there, own] = [run.split('\n'), here.split('\n')];
  const at = Array.from({ length: Math.max(there.length, own.length) }).findIndex(
    (_, i) => there[i] !== own[i],
  );
  const shown = (line: string | undefined): string => (line === undefined ? 'nothing more' : described(line));
  return `${shown(own[at])} here, ${shown(there[at])} in the run`;
}

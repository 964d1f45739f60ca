/** The header of a checkpoint: its type, and the check of a header that was read from a file. */
import type { DataType } from '../../tensor';
import { described } from '../../tensor/argument';
import type { RandomState } from '../../tensor/random-state';
import { formatShape } from '../../tensor/shape';
import type { HostTensor } from '../data/host-array';
import {
  fields,
  integer,
  json,
  list,
  oneOf,
  optional,
  orNull,
  text,
  type ExpectedOf,
  type Fault,
} from '../checks/schema';

/** The description of a tensor in a checkpoint, without its values. */
export interface SavedTensor extends Omit<HostTensor, 'values'> {
  readonly name: string;
}

/** The header: everything in a checkpoint except the values of its tensors. */
export interface CheckpointHeader {
  /** The number of examples that the run had used. It is 0 if the position was not recorded. */
  readonly position: number;
  /** The number of examples in an epoch; null when it is unknown. */
  readonly length: number | null;
  readonly random: RandomState;
  readonly variables: readonly SavedTensor[];
  readonly optimizers: readonly SavedOptimizer[];
  /** What else the program keeps, as JSON. */
  readonly kept?: string | undefined;
}

export interface SavedOptimizer {
  readonly name: string;
  readonly iterations: number;
  readonly slots: readonly SavedSlot[];
}

/** A slot: a tensor that an optimizer keeps for a variable, such as a momentum. The optimizer chooses its name. */
export interface SavedSlot extends SavedTensor {
  readonly variable: string;
}

const WORD = 4294967295;
const tensor = {
  name: text,
  shape: list(integer(0)),
  dtype: oneOf(['float32', 'int32', 'bool'] satisfies DataType[]),
};

/** The schema of each field. */
const schema = fields({
  position: integer(0),
  length: orNull(integer(1)),
  random: fields({ seed: list(integer(0, WORD), 2), counter: integer(0) } satisfies ExpectedOf<RandomState>),
  variables: list(fields(tensor satisfies ExpectedOf<SavedTensor>)),
  optimizers: list(
    fields({
      name: text,
      iterations: integer(0),
      slots: list(fields({ variable: text, ...tensor } satisfies ExpectedOf<SavedSlot>)),
    } satisfies ExpectedOf<SavedOptimizer>),
  ),
  kept: optional(json),
} satisfies ExpectedOf<CheckpointHeader>);

/** Returns the first fault in the header of a file, or null if there is none. */
export function faultInHeader(header: unknown): Fault | null {
  const fault = schema(header, '');
  if (fault) return fault.field === '' ? { ...fault, field: 'header' } : fault;
  return faultAmongFields(header as CheckpointHeader);
}

/** Returns the first contradiction between fields that are valid on their own. */
function faultAmongFields({ variables, optimizers }: CheckpointHeader): Fault | null {
  const byName = new Map<string, SavedTensor>();
  for (const [i, variable] of variables.entries()) {
    if (byName.has(variable.name)) return unlike(`variables[${i}].name`, variable.name, 'a name of its own');
    byName.set(variable.name, variable);
  }
  for (const [i, { slots }] of optimizers.entries()) {
    const seen = new Set<string>();
    for (const [k, slot] of slots.entries()) {
      const field = `optimizers[${i}].slots[${k}]`;
      const variable = byName.get(slot.variable);
      if (!variable) return unlike(`${field}.variable`, slot.variable, 'the name of one of the variables');
      const key = JSON.stringify([slot.variable, slot.name]);
      if (seen.has(key))
        return unlike(`${field}.name`, slot.name, 'another name for each slot of a variable');
      seen.add(key);
      const [shape, wanted] = [formatShape(slot.shape), formatShape(variable.shape)];
      if (slot.dtype !== 'float32') return unlike(`${field}.dtype`, slot.dtype, 'float32, as all slots');
      if (shape !== wanted)
        return { field: `${field}.shape`, found: shape, wanted: `${wanted}, as its variable` };
    }
  }
  return null;
}

function unlike(field: string, found: string, wanted: string): Fault {
  return { field, found: described(found), wanted };
}

/** Lists all tensors of a checkpoint in the order in which their values are stored. */
export function tensorsOf({
  variables,
  optimizers,
}: CheckpointHeader): readonly (SavedTensor & { readonly field: string })[] {
  const numbered = (
    tensors: readonly SavedTensor[],
    field: string,
  ): (SavedTensor & { readonly field: string })[] =>
    tensors.map((each, i) => ({ ...each, field: `${field}[${i}]` }));
  return [
    ...numbered(variables, 'variables'),
    ...optimizers.flatMap(({ slots }, i) => numbered(slots, `optimizers[${i}].slots`)),
  ];
}

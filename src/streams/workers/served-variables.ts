/** The worker's answers to requests for its variables. They are made between emissions, so that all values belong to one step. */
import { tidy } from '../../tensor/scope';
import { formatShape } from '../../tensor/shape';
import { makeTensor } from '../../tensor/tensor-like';
import { livingVariables, type Variable } from '../../tensor/variable';
import { faultMessage, table } from '../checks/schema';
import { faultInTensor } from './messages';
import type { HostArray, HostTensor } from '../data/host-array';
import { pack, type Parcel } from './transfer';

/** The living variables by name. When several have the same name, as slots of two optimizers may, those after the first are numbered. */
function served(): Map<string, Variable> {
  const living = livingVariables();
  const byName = new Map<string, Variable>();
  for (const each of [...living.filter(({ isSlot }) => !isSlot), ...living.filter(({ isSlot }) => isSlot)]) {
    let { name } = each;
    for (let i = 1; byName.has(name); i++) name = `${each.name}_${i}`;
    byName.set(name, each);
  }
  return byName;
}

/** The living variables with these names, or all. @throws when there is no variable of a name */
function variablesOf(request: string, names: readonly string[] | null): Map<string, Variable> {
  const living = served();
  if (names === null) return living;
  return new Map(
    names.map((name) => {
      const found = living.get(name);
      if (found) return [name, found];
      const there = living.size === 0 ? 'there are none (yet)' : [...living.keys()].join(', ');
      throw new Error(
        `${request}: the worker has no variable '${name}'; wanted one of its variables: ${there}`,
      );
    }),
  );
}

/** Reads variables. */
export function readVariables(names: readonly string[] | null): Promise<Parcel> {
  const request = 'remoteVariables.get';
  return pack(request, Object.fromEntries(variablesOf(request, names)));
}

/** Sets variables, all or none. @throws when a value does not fit */
export function writeVariables(values: unknown): void {
  const request = 'remoteVariables.set';
  assertValues(request, values);
  const entries = Object.entries(values);
  const variables = variablesOf(
    request,
    entries.map(([name]) => name),
  );
  tidy(request, () => {
    const replacements = entries.map(([name, { values: numbers, shape, dtype }]) => {
      const variable = variables.get(name)!;
      if (
        formatShape(shape) !== formatShape(variable.shape) ||
        (dtype ?? variable.dtype) !== variable.dtype
      ) {
        throw new Error(
          `${request}: the values for '${name}' are ${dtype ?? variable.dtype} of shape ${formatShape(shape)}; ` +
            `wanted ${variable.dtype} of shape ${formatShape(variable.shape)}, as the worker's variable`,
        );
      }
      return [variable, makeTensor(request, numbers, shape, variable.dtype)] as const;
    });
    for (const [variable, value] of replacements) variable.assign(value);
  });
}

type Values = Readonly<Record<string, HostArray & Partial<HostTensor>>>;

/** @throws unless the values are host arrays by name */
function assertValues(request: string, values: unknown): asserts values is Values {
  const fault = table((each, name) => faultInTensor(each, name, true))(values, 'values');
  if (fault) throw new Error(`${request}: ${faultMessage(fault)}`);
}

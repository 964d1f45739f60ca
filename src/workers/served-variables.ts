/** Answers the page's requests for the worker's variables. It does so between emissions, so that all values belong to one step. */
import { tidy } from '../tensor/scope';
import { formatShape } from '../tensor/shape';
import { makeTensor } from '../tensor/tensor-like';
import { livingVariables, type Variable } from '../tensor/variable';
import { faultMessage, table } from '../streams/checks/schema';
import { faultInTensor } from './messages';
import type { HostArray, HostTensor } from '../streams/data/host-array';
import { pack, type Parcel } from './transfer';
import { withEngine } from './with-engine';

/**
 * Returns the living variables by name, the slots of optimizers last. If several have the same name, such as slots of two optimizers, all
 * but the first get a number: `name_1`, `name_2`, …
 */
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

/** Returns the living variables with these names; with null, all. @throws when no variable has one of the names */
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

/** Reads the variables with these names; with null, all. */
export function readVariables(names: readonly string[] | null): Promise<Parcel> {
  const request = 'remoteVariables.get';
  return pack(request, withEngine, Object.fromEntries(variablesOf(request, names)));
}

/** Sets variables. @throws when a value does not fit; then no variable is set */
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

/** @throws when the values are not an object of host arrays by name */
function assertValues(request: string, values: unknown): asserts values is Values {
  const fault = table((each, name) => faultInTensor(each, name, true))(values, 'values');
  if (fault) throw new Error(`${request}: ${faultMessage(fault)}`);
}

/** The worker's answers to requests for its variables: taken between emissions, so that they are those of one step. */
import { tidy } from '../../tensor/scope';
import { formatShape } from '../../tensor/shape';
import { makeTensor } from '../../tensor/tensor-like';
import { livingVariables, type Variable } from '../../tensor/variable';
import { pack, type HostTensor, type Parcel } from './transfer';

/** The living variables of these names, or all. @throws when there is none of a name */
function variablesOf(request: string, names: readonly string[] | null): Variable[] {
  const living = livingVariables();
  if (names === null) return living;
  return names.map((name) => {
    const found = living.find((each) => each.name === name);
    if (found) return found;
    const there = living.length === 0 ? 'there are none (yet)' : living.map((each) => each.name).join(', ');
    throw new Error(
      `${request}: the worker has no variable '${name}'; wanted one of its variables: ${there}`,
    );
  });
}

/** Reads variables. */
export function readVariables(names: readonly string[] | null): Promise<Parcel> {
  const request = 'remoteVariables.get';
  const found = variablesOf(request, names).map((each) => [each.name, each] as const);
  return pack(request, Object.fromEntries(found));
}

/** Gives variables values, all or none. @throws when one does not fit */
export function writeVariables(
  values: Readonly<Record<string, Omit<HostTensor, 'dtype'> & Partial<HostTensor>>>,
): void {
  const request = 'remoteVariables.set';
  const entries = Object.entries(values);
  const variables = variablesOf(
    request,
    entries.map(([name]) => name),
  );
  tidy(request, () => {
    const replacements = entries.map(([name, { values: numbers, shape, dtype }], i) => {
      const variable = variables[i]!;
      if (
        formatShape(shape) !== formatShape(variable.shape) ||
        (dtype ?? variable.dtype) !== variable.dtype
      ) {
        throw new Error(
          `${request}: the values for '${name}' are ${dtype ?? variable.dtype} of shape ${formatShape(shape)}; ` +
            `wanted ${variable.dtype} of shape ${formatShape(variable.shape)}, as the worker's variable`,
        );
      }
      return makeTensor(request, numbers, shape, variable.dtype);
    });
    variables.forEach((variable, i) => variable.assign(replacements[i]!));
  });
}

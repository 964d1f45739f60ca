import * as ops from '../../src/tensor/ops';

/** The names of all ops, with their groups: `add`, `image.resizeBilinear`. */
export const opNames: readonly string[] = Object.entries(ops)
  .flatMap(([name, value]): string[] => {
    if (typeof value === 'function') return [name];
    return name === 'Reduction'
      ? []
      : Object.entries(value)
          .filter(([, f]) => typeof f === 'function')
          .map(([inner]) => `${name}.${inner}`);
  })
  .sort((a, b) => a.localeCompare(b, 'en'));

/** The op of that name, typed so that it takes any arguments. */
export function opNamed(name: string): (...args: unknown[]) => unknown {
  const found = name
    .split('.')
    .reduce<unknown>((group, part) => (group as Record<string, unknown>)[part], ops);
  return found as (...args: unknown[]) => unknown;
}

/** Whether the op of that name returns a promise. A scope around the call would end too early. */
export const givesPromise = (name: string): boolean => /(Async|toPixels)$/.test(name);

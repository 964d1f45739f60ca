import * as ops from '../../src/tensor/ops';

/** The names of all ops, those of a group with the group before. */
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

/** The op of that name, called with anything. */
export function opNamed(name: string): (...args: unknown[]) => unknown {
  const found = name
    .split('.')
    .reduce<unknown>((group, part) => (group as Record<string, unknown>)[part], ops);
  return found as (...args: unknown[]) => unknown;
}

/** Whether that op gives a promise: then a scope ends before what the op makes is there. */
export const givesPromise = (name: string): boolean => /(Async|toPixels)$/.test(name);

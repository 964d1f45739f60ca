import type { TensorInfo } from '../backend';
import type { Kernel } from '../kernel-table';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { withScratch } from './scratch';

/**
 * ⌈log₂ n⌉ passes, as in scan. An element stands for the map s ↦ factor·s + term; each pass composes every map with the map `distance`
 * steps before it, and the distance doubles from pass to pass. A second draw multiplies the factors, except in the last pass.
 */
export const recurrence: Kernel<WebGLBackend, 'recurrence'> = (
  backend,
  [terms, factors],
  [y],
  { factor, reverse, extent, inner },
) => {
  /** Computes for each index i `expression`, in which `other` is the index `distance` steps before i; `atStart` where there is none. */
  const pass = (
    name: string,
    inputs: Readonly<Record<string, TensorInfo>>,
    to: TensorInfo,
    distance: number,
    expression: string,
    atStart: string,
  ): void => {
    draw(backend, {
      program: `recurrence ${name} ${reverse ? 'reverse' : ''}`,
      inputs,
      outputs: [to],
      form: 'element',
      ints: { extent, inner, distance },
      source: () => `
        unit result(int i) {
          int line = over_inner(i);
          int position = line - over_extent(line) * extent;
          bool inside = ${reverse ? 'position + distance < extent' : 'position >= distance'};
          int other = ${reverse ? 'i + distance * inner' : 'i - distance * inner'};
          return inside ? ${expression} : ${atStart};
        }`,
    });
  };
  const compose = (b: TensorInfo, a: TensorInfo, distance: number): void => {
    const sum = (to: TensorInfo): void =>
      pass('sum', { a, b }, to, distance, 'a_unit(i) * b_unit(other) + b_unit(i)', 'b_unit(i)');
    if (distance * 2 >= extent) {
      sum(y!);
      return;
    }
    withScratch(backend, y!.shape, 'float32', (nextB) => {
      sum(nextB);
      withScratch(backend, y!.shape, 'float32', (nextA) => {
        // The factors at the start of a line are never read again: any number will do.
        pass('product', { a }, nextA, distance, 'a_unit(i) * a_unit(other)', '1.0');
        compose(nextB, nextA, distance * 2);
      });
    });
  };
  if (factor === 'own') {
    compose(terms!, factors!, 1);
    return;
  }
  withScratch(backend, y!.shape, 'float32', (shifted) => {
    pass('shift', { a: factors! }, shifted, 1, 'a_unit(other)', '1.0');
    compose(terms!, shifted, 1);
  });
};

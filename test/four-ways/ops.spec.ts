// Every op in all ways in which the library computes, and its gradient. The arguments are those of the comparison with TensorFlow.js,
// with NaN, infinities and −0 among them. What has larger and smaller numbers, and other shapes, is in kernels.spec.ts: an op is
// made of kernels, and nothing in it asks on which backend it runs.
import * as fc from 'fast-check';
import { getBackend, registerBackend, removeBackend, setBackend } from 'rxtensor/tensor';
import { numbers } from '../support/reference';
import { TOLERANCE, type Tolerance } from '../support/close';
import { setSeed } from '../../src/tensor/random-state';
import { backward, expectSame, forward, ourCall, ours } from '../differential/comparison';
import type { Argument, Operand } from '../differential/operand';
import { withTensors } from '../differential/operand';
import type { Row } from '../differential/row';
import { rows } from '../differential/rows';
import { GRADIENT_TOLERANCE } from '../differential/tolerance';
import { checkDraws } from './draws';
import { backendOf, forgetBackend, otherWays, type WayName } from './ways';

const nameOf = (way: WayName): string => `four ways: ${way}`;

/** One value in a dozen of the floats is replaced by a special one. */
function withSpecial(args: readonly Argument[], seed: number): readonly Argument[] {
  const next = numbers(seed);
  const special = [NaN, Infinity, -Infinity, -0];
  const spoil = (operand: Operand): Operand => ({
    ...operand,
    values: operand.values.map((value) =>
      next() < 1 / 12 ? special[Math.floor(next() * special.length)]! : value,
    ),
  });
  return withTensors(args, (operand) =>
    operand.dtype === 'float32' ? spoil(operand) : operand,
  ) as Argument[];
}

type Outcome = { readonly results: Operand[] } | { readonly error: string };

/** What work gives on a backend, or the message of its error. */
function outcomeOn(way: WayName, work: () => Operand[]): Outcome {
  const before = getBackend();
  setBackend(nameOf(way));
  try {
    setSeed(7);
    return { results: work() };
  } catch (error) {
    return { error: (error as Error).message };
  } finally {
    setBackend(before);
  }
}

function compare(work: () => Operand[], tolerance: Tolerance): void {
  const wanted = outcomeOn('plain', work);
  for (const way of otherWays) {
    if (!backendOf(way)) continue;
    const found = outcomeOn(way, work);
    if ('error' in wanted || 'error' in found) {
      if ('error' in wanted && 'error' in found && wanted.error === found.error) continue;
      throw new Error(`${way} gives ${JSON.stringify(found)}; plain TypeScript ${JSON.stringify(wanted)}`);
    }
    const most = typeof tolerance === 'number' ? tolerance : tolerance[way === 'webgl' ? 'webgl' : 'cpu'];
    try {
      expectSame(found.results, wanted.results, most);
    } catch (error) {
      throw new Error(`${way}: ${(error as Error).message}`, { cause: error });
    }
  }
}

const drawn = (args: Row['args']): fc.Arbitrary<readonly Argument[]> =>
  fc
    .tuple(args, fc.nat(2 ** 30), fc.integer({ min: 0, max: 3 }))
    .map(([each, seed, quarter]) => (quarter === 0 ? each : withSpecial(each, seed)));

describe('in all ways alike, of ops', () => {
  const ways: readonly WayName[] = ['plain', ...otherWays];

  beforeAll(() => {
    for (const way of ways) {
      const backend = backendOf(way);
      if (backend) registerBackend(nameOf(way), () => backend, 0);
    }
  });

  afterAll(() => {
    for (const way of ways) {
      removeBackend(nameOf(way));
      forgetBackend(way);
    }
  });

  for (const [name, row] of Object.entries(rows)) {
    it(`${name} computes`, () =>
      checkDraws(drawn(row.args), (args) =>
        compare(() => forward(ours, ourCall(name, row), args), row.tolerance ?? TOLERANCE),
      ));
    if ('none' in row.gradient) continue;
    const { gradient } = row;
    it(`${name} is differentiated`, () =>
      checkDraws(drawn(gradient), (args) =>
        compare(
          () => backward(ours, ourCall(name, row), args, row.by),
          row.gradientTolerance ?? GRADIENT_TOLERANCE,
        ),
      ));
  }
});

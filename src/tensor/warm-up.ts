import { assertFunction } from './argument';
import { activeBackend, type Preparation } from '../kernels';
import { isPromise } from './container';
import { untold } from './device-observers';
import { dryRun } from './dry-run';
import { inScope, outsideOfExtents } from './extent';
import { getRandomState, setRandomState } from './random-state';

/**
 * Compiles all that a function will need on the backend in use, before it is first called: WebGL compiles a program for each kind of kernel, which takes
 * longer than most kernels. The browser compiles in parallel, while the page goes on.
 *
 * The function is called once, at once, with kernels that compute nothing. All tensors that it makes are freed, those that it keeps or returns too;
 * variables, optimizers and the random state stay as they are, so that it may be a training step. Which programs it needs depends on its shapes and types: give
 * examples like the values to come. On the CPU, which compiles nothing, it is not called.
 *
 * @param f the function. It must not read tensors that it has computed (`dataSync`), since they have no values
 * @param examples its arguments, which stay the caller's; their values do not matter
 * @returns the number of programs that were not ready, and the milliseconds until they were
 * @throws (rejects) with what `f` throws; when it reads what it has computed, or returns a promise; and when a program does not compile
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const weights = dl.variable(() => dl.randomNormal([784, 10]));
 * const classify = (images: dl.Tensor) => dl.softmax(dl.matMul(images, weights));
 * const example = dl.zeros([1, 784]);
 * const { programs, milliseconds } = await dl.warmUp(classify, example);
 * console.log(`${programs} programs in ${milliseconds} ms`);
 * dl.dispose([weights, example]);
 * ```
 */
export async function warmUp<A extends readonly unknown[]>(
  f: (...examples: A) => unknown,
  ...examples: A
): Promise<Preparation> {
  assertFunction('warmUp', 'f', f);
  const backend = activeBackend();
  if (!backend.prepare) return { programs: 0, milliseconds: 0 };
  return backend.prepare(() => {
    const random = getRandomState();
    const run = (): void => {
      inScope('tidy', 'warmUp', noSurvivors, () => f(...examples));
    };
    try {
      dryRun(() => untold(() => outsideOfExtents(run)));
    } finally {
      setRandomState(random);
    }
  });
}

function noSurvivors(result: unknown): null {
  if (!isPromise(result)) return null;
  result.then(undefined, () => undefined); // A rejection must not hide the error below.
  throw new Error("warmUp: the function 'f' returned a promise; wanted the part before its first await");
}

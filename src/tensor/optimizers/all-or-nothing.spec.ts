// A step that fails, at whichever of its allocations, changes nothing: it can be taken again.
import * as dl from 'rxtensor';
import { Subject } from 'rxjs';
import { withFailingAllocation } from '../../../test/support/failing-allocations';
import { everyOptimizer } from '../../../test/support/optimizers';

/** loss = Σ (a² + b² + c²), over three variables of different sizes. */
class Problem {
  readonly variables = dl.tidy(() => [[2], [3, 2], []].map((shape) => dl.variable(dl.fill(shape, 1.5))));

  constructor(readonly optimizer: dl.Optimizer) {}

  loss = (): dl.Scalar =>
    dl.addN<dl.Scalar>(this.variables.map((each) => dl.sum<dl.Scalar>(dl.square(each))));

  get values(): number[][] {
    return this.variables.map((each) => [...each.dataSync()]);
  }

  dispose(): void {
    dl.dispose(this.variables);
    this.optimizer.dispose();
  }
}

/** How a step is taken. */
const ways: Readonly<Record<string, (problem: Problem) => void>> = {
  minimize: ({ optimizer, loss }) => void optimizer.minimize(loss),
  'minimize that returns the cost': ({ optimizer, loss }) => optimizer.minimize(loss, true)?.dispose(),
  applyGradients: ({ optimizer, loss }) => {
    dl.tidy(() => optimizer.applyGradients(optimizer.computeGradients(loss).grads));
  },
  'applyGradients under a condition': ({ optimizer, loss }) => {
    dl.tidy(() => optimizer.applyGradients(optimizer.computeGradients(loss).grads, dl.scalar(true)));
  },
  'applyGradients while others look at the variables': ({ optimizer, loss, variables }) => {
    const [views, moments] = [variables.map((each) => each.clone()), optimizer.slotsOfLiving()];
    const held = moments.map(({ value }) => value.clone());
    try {
      dl.tidy(() => optimizer.applyGradients(optimizer.computeGradients(loss).grads));
    } finally {
      dl.dispose([...views, ...held]);
    }
  },
  trainStep: (problem) => stepOf(problem, {}),
  'trainStep that clips': (problem) => stepOf(problem, { clipNorm: 1 }),
  'trainStep that skips what is not finite': (problem) => stepOf(problem, { onNaN: 'skip' }),
};

function stepOf({ optimizer, loss }: Problem, options: dl.TrainStepOptions): void {
  const batches = new Subject<null>();
  const errors: unknown[] = [];
  batches.pipe(dl.trainStep(optimizer, loss, options)).subscribe({ error: (error) => errors.push(error) });
  batches.next(null);
  batches.complete();
  if (errors.length > 0) throw errors[0];
}

for (const [name, make] of Object.entries(everyOptimizer)) {
  for (const [way, take] of Object.entries(ways)) {
    it(`A step of ${name} by ${way} that runs out of memory, wherever, changes nothing`, () => {
      const wanted = new Problem(make());
      const found = new Problem(make());
      // The first step makes the slots, the second has them.
      for (const stepNumber of [1, 2]) {
        take(wanted);
        const { optimizer, values } = found;
        const before = { memory: dl.memory(), slots: optimizer.slotsOfLiving() };
        const slotValues = before.slots.map(({ value }) => [...value.dataSync()]);
        for (let number = 1; ; number++) {
          let failed = false;
          const reached = withFailingAllocation(number, () => {
            try {
              take(found);
            } catch (error) {
              expect(String(error)).toMatch(/out of memory \(by the test\)/);
              failed = true;
            }
          });
          if (!reached) break;
          expect(failed).withContext(`allocation ${number}`).toBeTrue();
          expect(optimizer.iterations).toBe(stepNumber - 1);
          expect(found.values).toEqual(values);
          expect(optimizer.slotsOfLiving()).toEqual(before.slots);
          expect(before.slots.map(({ value }) => [...value.dataSync()])).toEqual(slotValues);
          const { numTensors, numDataBuffers } = dl.memory();
          expect([numTensors, numDataBuffers]).toEqual([
            before.memory.numTensors,
            before.memory.numDataBuffers,
          ]);
        }
        expect(optimizer.iterations).toBe(stepNumber);
        expect(found.values).toEqual(wanted.values);
      }
      wanted.dispose();
      found.dispose();
    });
  }
}

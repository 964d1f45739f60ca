// The engine's stack may overflow in any call, also in those that clean up. Scopes, tape and memory must be as before.
import * as dl from 'rxtensor/tensor';
import { leavesOutFinally, nearStackEnd } from '../../test/support/stack-end';
import { currentScope, endScope, openFrame, popFrame, scopeDepth } from './extent';

const slope = (x: dl.Tensor): dl.Tensor => dl.grad((y) => dl.sum(dl.square(y)))(x);

/** Work on a tensor and a variable, which survive it. Each returns a tensor and leaves nothing else behind. */
const works: Readonly<Record<string, (x: dl.Tensor, w: dl.Variable, sgd: dl.Optimizer) => dl.Tensor>> = {
  'an op': (x) => dl.square(x),
  'an op with a view and a cast': (x) => dl.reshape(dl.cast(x, 'int32'), [3, 1]),
  'an op of several ops': (x) => dl.losses.meanSquaredError(x, dl.square(x)),
  'an op on a new tensor': (x) => dl.mul(x, dl.tensor1d([3, 2, 1])),
  'a scattered sum': (x) => dl.unsortedSegmentSum(x, dl.tensor1d([1, 0, 1], 'int32'), 2),
  'an op with two outputs': (x) => dl.stack(Object.values(dl.moments(x))),
  'a product': (x) => dl.matMul(dl.reshape(x, [3, 1]), dl.reshape(x, [1, 3])),
  'a tidy': (x) => dl.tidy(() => dl.add(dl.square(x), dl.mul(x, 2))),
  'a tidy that gives something': (x) => {
    const { a, b } = dl.tidy(() => ({ a: dl.square(x), b: [dl.neg(x)] }));
    return dl.add(a, b[0]!);
  },
  'a gradient': (x) => slope(x),
  'a gradient of a gradient': (x) => dl.grad((y) => dl.sum(slope(y)))(x),
  'a step': (x, w, sgd) => sgd.minimize(() => dl.sum<dl.Scalar>(dl.square(dl.mul(w, x))), true)!,
  'a custom gradient': (x) =>
    dl.grad(dl.customGrad((y) => ({ value: dl.square(y as dl.Tensor), gradFunc: (dy) => dy })))(x),
};

/** Ends what is open, as the code that the engine left out would have done. */
function endAll(): void {
  for (let frame = openFrame(); frame; frame = openFrame()) popFrame(frame);
  for (let scope = currentScope(); scope; scope = currentScope()) endScope(scope, null);
}

for (const [name, work] of Object.entries(works)) {
  it(`A stack overflow at any call of ${name} leaves scopes, tape, memory and all later values as they were`, () => {
    const [x, w] = dl.tidy(() => [dl.tensor1d([1, 2, 3]), dl.variable(dl.tensor1d([4, 5, 6]))] as const);
    const sgd = dl.train.sgd(0);
    const found = (): string =>
      dl.tidy(() => String([...work(x, w, sgd).dataSync(), ...x.dataSync(), ...w.dataSync()]));
    const wanted = found();
    let { numTensors, numDataBuffers } = dl.memory();
    const lost: string[] = [];
    const { cutOff, whole } = nearStackEnd(
      400,
      () => dl.tidy(() => void work(x, w, sgd)),
      (where) => {
        if (leavesOutFinally) endAll();
        const now = dl.memory();
        const isOpen = openFrame() !== null || x.edge !== null;
        const state = [scopeDepth(), isOpen, now.numTensors, now.numDataBuffers];
        const before = [0, false, numTensors, numDataBuffers];
        if (String(state) !== String(before))
          lost.push(`${where}: ${String(state)}; wanted ${String(before)}`);
        ({ numTensors, numDataBuffers } = now);
        const values = found();
        if (values !== wanted) lost.push(`${where}: values ${values}; wanted ${wanted}`);
      },
    );
    expect(lost).toEqual([]);
    // The number of distances that are too short depends on what the engine has compiled and inlined so far.
    expect(cutOff).toBeGreaterThan(0);
    expect(whole).toBeGreaterThan(0);
    sgd.dispose();
    dl.dispose([x, w]);
  });
}

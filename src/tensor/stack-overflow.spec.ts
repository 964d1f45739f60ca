// The engine's stack may run over in any call, in those that clean up too: scopes, tape and memory are as before all the same.
import * as dl from 'rxtensor/tensor';
import { nearStackEnd } from '../../test/support/stack-end';
import { openFrame, scopeDepth } from './extent';

const slope = (x: dl.Tensor): dl.Tensor => dl.grad((y) => dl.sum(dl.square(y)))(x);

/** Work on a tensor that stays, and a variable, which leaves nothing behind. */
const works: Readonly<Record<string, (x: dl.Tensor, w: dl.Variable, sgd: dl.Optimizer) => void>> = {
  'an op': (x) => dl.square(x).dispose(),
  'an op with a view and a cast': (x) => dl.reshape(dl.cast(x, 'int32'), [3, 1]).dispose(),
  'an op of several ops': (x) => dl.losses.meanSquaredError(x, dl.square(x)).dispose(),
  'a tidy': (x) => dl.tidy(() => void dl.add(dl.square(x), dl.mul(x, 2))),
  'a tidy that gives something': (x) => dl.dispose(dl.tidy(() => ({ a: dl.square(x), b: [dl.neg(x)] }))),
  'a gradient': (x) => slope(x).dispose(),
  'a gradient of a gradient': (x) =>
    dl
      .grad((y) => dl.sum(slope(y)))(x)
      .dispose(),
  'a step': (x, w, sgd) => void sgd.minimize(() => dl.sum<dl.Scalar>(dl.square(dl.mul(w, x)))),
  'a custom gradient': (x) =>
    dl
      .grad(dl.customGrad((y) => ({ value: dl.square(y as dl.Tensor), gradFunc: (dy) => dy })))(x)
      .dispose(),
};

for (const [name, work] of Object.entries(works)) {
  it(`A stack overflow at any call of ${name} leaves scopes, tape and memory as they were`, () => {
    const [x, w] = dl.tidy(() => [dl.tensor1d([1, 2, 3]), dl.variable(dl.tensor1d([4, 5, 6]))] as const);
    const sgd = dl.train.sgd(0);
    dl.tidy(() => work(x, w, sgd));
    let { numTensors, numDataBuffers } = dl.memory();
    const lost: string[] = [];
    const { cutOff, whole } = nearStackEnd(
      400,
      () => dl.tidy(() => work(x, w, sgd)),
      (where) => {
        const now = dl.memory();
        const isOpen = openFrame() !== null || x.edge !== null;
        const found = [scopeDepth(), isOpen, now.numTensors, now.numDataBuffers];
        const wanted = [0, false, numTensors, numDataBuffers];
        if (String(found) !== String(wanted))
          lost.push(`${where}: ${String(found)}; wanted ${String(wanted)}`);
        ({ numTensors, numDataBuffers } = now);
      },
    );
    expect(lost).toEqual([]);
    expect(cutOff).toBeGreaterThan(10);
    expect(whole).toBeGreaterThan(20);
    expect(dl.tidy(() => [...dl.square(x).dataSync()])).toEqual([1, 4, 9]);
    sgd.dispose();
    dl.dispose([x, w]);
  });
}

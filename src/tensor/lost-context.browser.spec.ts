// Tensors, variables and the registry when the WebGL context is lost.
import * as dl from 'rxtensor/tensor';
import { expectExact } from '../../test/support/close';
import { loseContext } from '../../test/support/lose-context';
import { describeOwnWebGL } from '../../test/support/own-backends';

describeOwnWebGL('When the context is lost', () => {
  beforeEach(() => void dl.setBackend('webgl'));
  afterEach(() => void dl.setBackend('webgl'));

  /** A variable whose values are on the device. */
  const onDevice = (name: string): dl.Variable => dl.tidy(() => dl.variable(dl.ones([2]).mul(3), true, name));

  it('a pending read is rejected, by an error that names the lost variables', async () => {
    const [weights, bias] = [onDevice('weights'), onDevice('bias')];
    const written = dl.tidy(() => dl.variable(dl.tensor1d([1, 2]), true, 'written'));
    const pending = weights.data();
    loseContext();
    const error = await pending.then(
      () => null,
      (thrown: unknown) => thrown as dl.ContextLostError,
    );
    expect(error).toBeInstanceOf(dl.ContextLostError);
    expect(error!.name).toBe('ContextLostError');
    expect(error!.variables).toEqual(['weights', 'bias']);
    expect(error!.message).toContain('webgl: read: the WebGL context is lost');
    expect(error!.message).toContain("among them 2 variables: 'weights', 'bias' (");
    // What was never uploaded is where it was.
    expectExact(written.dataSync(), [1, 2]);
    dl.dispose([weights, bias, written]);
  });

  it('tensors and variables are never numbers again until they are assigned', async () => {
    const weights = onDevice('weights');
    const x = dl.tidy(() => dl.ones([2]).square());
    loseContext();
    for (const again of ['webgl', 'cpu', 'webgl']) {
      for (const each of [weights, x]) {
        expect(() => each.dataSync()).toThrowError(dl.ContextLostError);
        await expectAsync(each.data()).toBeRejectedWithError(dl.ContextLostError);
        expect(() => dl.tidy(() => each.add(1))).toThrowError(dl.ContextLostError);
        expect(() => dl.tidy(() => void dl.grad((y) => y.square())(each))).toThrowError(dl.ContextLostError);
      }
      dl.setBackend(again);
    }
    dl.tidy(() => weights.assign(dl.tensor1d([5, 6])));
    expectExact(
      dl.tidy(() => weights.add(1).dataSync()),
      [6, 7],
    );
    expect(() => x.dataSync()).toThrowError(/lost, and with it the values of all tensors on it \(/);
    dl.dispose([weights, x]);
  });

  for (const name of ['webgl', 'cpu']) {
    it(`setBackend('${name}') works, as the error says`, () => {
      const lost = dl.backend();
      loseContext();
      expect(() => dl.tidy(() => dl.ones([2]).add(1))).toThrowError(
        dl.ContextLostError,
        new RegExp(`setBackend\\('${name}'\\)`),
      );
      dl.setBackend(name);
      expect(dl.backend()).not.toBe(lost);
      expect(dl.getBackend()).toBe(name);
      expectExact(
        dl.tidy(() => dl.ones([2]).add(1).dataSync()),
        [2, 2],
      );
    });
  }

  it('setBackend works twice in a row, and before anything ran', () => {
    for (let i = 0; i < 3; i++) {
      loseContext();
      dl.setBackend('webgl');
    }
    expectExact(
      dl.tidy(() => dl.ones([2]).add(1).dataSync()),
      [2, 2],
    );
  });

  it('setBackend tries again where there was no new context', () => {
    loseContext();
    const getContext = spyOn(OffscreenCanvas.prototype, 'getContext').and.returnValue(null);
    const none = spyOn(HTMLCanvasElement.prototype, 'getContext').and.returnValue(null);
    expect(() => dl.setBackend('webgl')).toThrowError(
      /wanted a registered backend that this machine supports/,
    );
    expect(() => dl.tidy(() => dl.ones([2]).add(1))).toThrowError(dl.ContextLostError);
    getContext.and.callThrough();
    none.and.callThrough();
    dl.setBackend('webgl');
    expectExact(
      dl.tidy(() => dl.ones([2]).add(1).dataSync()),
      [2, 2],
    );
  });

  it('a removed backend of the library is known again, and its tensors stay lost', () => {
    const x = dl.tidy(() => dl.ones([2]).add(1));
    dl.removeBackend('webgl');
    expect(dl.getBackend()).toBe('cpu');
    expect(() => x.dataSync()).toThrowError(dl.ContextLostError);
    dl.setBackend('webgl');
    expect(dl.getBackend()).toBe('webgl');
    expectExact(
      dl.tidy(() => dl.ones([2]).add(1).dataSync()),
      [2, 2],
    );
    expect(() => x.dataSync()).toThrowError(dl.ContextLostError);
    x.dispose();
    for (let i = 0; i < 2; i++) {
      dl.removeBackend('webgl');
      dl.setBackend('webgl');
    }
  });
});

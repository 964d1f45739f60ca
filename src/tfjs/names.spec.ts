import * as dl from 'rxtensor';
import * as tf from 'rxtensor/tfjs';

describe('The names of rxtensor/tfjs', () => {
  it('are those of rxtensor, and compute with its tensors', () => {
    expect(tf.add).toBe(dl.add);
    expect(tf.Tensor).toBe(dl.Tensor);
    expect(tf.memory()).toEqual(dl.memory());
  });

  it('choose a backend by the name that TensorFlow.js has for it', async () => {
    const before = dl.getBackend();
    expect(await tf.setBackend('wasm')).toBe(true);
    expect([tf.getBackend(), dl.getBackend()]).toEqual(['wasm', 'cpu']);
    expect(await tf.setBackend('cpu')).toBe(true);
    expect(tf.getBackend()).toBe('cpu');
    await expectAsync(tf.setBackend('abacus')).toBeRejectedWithError(/^setBackend: /);
    expect(tf.getBackend()).toBe('cpu');
    expect(tf.engine().backendName).toBe('cpu');
    await tf.setBackend(before);
  });

  it('keep flags, which change nothing', async () => {
    const heard: unknown[] = [];
    tf.env().registerFlag(
      'OWN_FLAG',
      () => 7,
      (value) => heard.push(value),
    );
    expect(tf.env().getNumber('OWN_FLAG')).toBe(7);
    tf.env().set('OWN_FLAG', 8);
    expect([await tf.env().getAsync('OWN_FLAG'), heard]).toEqual([8, [8]]);
    expect(tf.env().getBool('IS_NODE')).toBe(dl.env().getBool('IS_NODE'));
    expect(tf.env().get('UNHEARD_OF')).toBeUndefined();
    tf.env().set('DEBUG', true);
    expect(dl.env().getBool('DEBUG')).toBe(true);
    tf.env().set('DEBUG', false);
  });

  it('open and close scopes by hand', () => {
    const { numTensors } = tf.memory();
    tf.engine().startScope();
    const kept = tf.scalar(1);
    tf.engine().startScope('inner');
    kept.add(1);
    const result = kept.add(2);
    tf.engine().endScope(result);
    expect(result.isDisposed).toBe(false);
    expect(tf.memory().numTensors).toBe(numTensors + 2);
    tf.engine().endScope();
    expect(tf.memory().numTensors).toBe(numTensors);
    expect(() => tf.engine().endScope()).toThrowError(
      'engine().endScope: no scope is open; wanted engine().startScope() before',
    );
  });

  it('cut signals into frames and weigh them', async () => {
    const { numTensors } = tf.memory();
    await tf.nextFrame();
    const signal = tf.tensor1d([1, 2, 3, 4, 5]);
    const whole = tf.signal.frame(signal, 2, 2);
    const padded = tf.signal.frame(signal, 3, 2, true, 9);
    const none = tf.signal.frame(signal, 6, 1);
    expect([whole.shape, padded.shape, none.shape]).toEqual([
      [2, 2],
      [3, 3],
      [0, 6],
    ]);
    expect([...(await whole.data())]).toEqual([1, 2, 3, 4]);
    expect([...(await padded.data())]).toEqual([1, 2, 3, 3, 4, 5, 5, 9, 9]);
    const [hann, hamming] = [tf.signal.hannWindow(4), tf.signal.hammingWindow(4)];
    (await hann.data()).forEach((value, i) => expect(value).toBeCloseTo([0, 0.5, 1, 0.5][i]!, 6));
    (await hamming.data()).forEach((value, i) => expect(value).toBeCloseTo([0.08, 0.54, 1, 0.54][i]!, 6));
    tf.dispose([signal, whole, padded, none, hann, hamming]);
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it('help with shapes and lists', () => {
    const { util } = tf;
    expect(util.sizeFromShape([2, 3, 4])).toBe(24);
    expect(util.computeStrides([2, 3, 4])).toEqual([12, 4]);
    expect(util.flatten([[1, [2]], Float32Array.of(3)])).toEqual([1, 2, 3]);
    expect(util.toNestedArray([2, 2], [1, 2, 3, 4])).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(util.parseAxisParam(-1, [2, 3])).toEqual([1]);
    expect(util.parseAxisParam(null, [2, 3])).toEqual([0, 1]);
    expect(util.squeezeShape([1, 2, 1, 3])).toEqual({ newShape: [2, 3], keptDims: [1, 3] });
    expect(util.inferDtype([[true]])).toBe('bool');
    expect(util.inferDtype(Int32Array.of(1))).toBe('int32');
    expect([util.clamp(0, 5, 3), util.distSquared([1, 2], [4, 6]), util.sum([1, 2])]).toEqual([3, 25, 3]);
    expect(Array.from(util.createShuffledIndices(5)).sort()).toEqual([0, 1, 2, 3, 4]);
    expect(() => util.assert(false, () => 'so')).toThrowError('so');
    expect(() => util.assertShapesMatch([1], [2], 'here:')).toThrowError('here: Shapes 1 and 2 must match');
    expect(util.randUniform(2, 3)).toBeGreaterThanOrEqual(2);
    expect([util.isInt(2), util.isInt(2.5), util.isScalarShape([])]).toEqual([true, false, true]);
    expect([util.isTypedArray(Uint8Array.of()), util.isTypedArray([])]).toEqual([true, false]);
    expect(util.bytesPerElement('bool')).toBe(1);
  });

  it('tell which TensorFlow.js they stand for', () => {
    expect(tf.version.tfjs).toBe(tf.version_core);
    expect(tf.version.rxtensor).toBe(dl.version);
    expect(() => {
      tf.enableProdMode();
      tf.disableDeprecationWarnings();
    }).not.toThrow();
  });
});

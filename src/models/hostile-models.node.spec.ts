// Files of models with any change in them either give a model that runs, or an error that names the operator; nothing is left, and nothing hangs.
import * as dl from 'rxtensor';
import { fromSafetensors, loadGraphModel, toSafetensors } from 'rxtensor/models';
import { changedJson } from '../../test/support/changed-json';
import { words } from '../../test/support/draws';
import { filesWith, graphParts, ints, node, placeholder, weight } from '../../test/support/graph-files';
import { testRun } from '../../test/support/test-run';

const { seed: runSeed = 1, hostile: draws = 300 } = testRun();

/** A picture of a network: a convolution, a branch by a value, a loop, a list of tensors, and ops whose numbers decide shapes. */
const description = {
  nodes: [
    placeholder('x', [-1, 4, 4, 1]),
    node('conv', 'Conv2D', 'x filter', { strides: [1, 1, 1, 1], padding: 'SAME' }),
    node('padded', 'Pad', 'conv paddings'),
    node('cut', 'StridedSlice', 'padded begin end strides', { begin_mask: 1, end_mask: 1 }),
    node('flat', 'Reshape', 'cut flat_shape'),
    node('filled', 'Fill', 'fill_shape one'),
    node('tiled', 'Tile', 'filled times'),
    node('range', 'Range', 'zero four one'),
    node('hot', 'OneHot', 'range four_again one zero'),
    node('sum', 'Sum', 'flat all'),
    node('positive', 'Greater', 'sum nothing'),
    node('branch', 'Switch', 'sum positive'),
    node('negative', 'Neg', 'branch'),
    node('merged', 'Merge', 'negative branch:1'),
    node('l/i/enter', 'Enter', 'zero', { frame_name: 'l' }),
    node('l/limit', 'Enter', 'four', { frame_name: 'l', is_constant: true }),
    node('l/step', 'Enter', 'one', { frame_name: 'l', is_constant: true }),
    node('l/i', 'Merge', 'l/i/enter l/i/next'),
    node('l/less', 'Less', 'l/i l/limit'),
    node('l/condition', 'LoopCond', 'l/less'),
    node('l/i/switch', 'Switch', 'l/i l/condition'),
    node('l/more', 'AddV2', 'l/i/switch:1 l/step'),
    node('l/i/next', 'NextIteration', 'l/more'),
    node('l/exit', 'Exit', 'l/i/switch'),
    node('list', 'TensorListFromTensor', 'tiled element', { element_dtype: 'DT_INT32' }),
    node('stacked', 'TensorListStack', 'list element', { element_dtype: 'DT_INT32', num_elements: -1 }),
  ],
  weights: [
    weight('filter', [1, 2, 3, 4], [2, 2, 1, 1]),
    ints('paddings', [0, 0, 1, 1, 1, 1, 0, 0]),
    ints('begin', [0, 0, 0, 0]),
    ints('end', [0, 4, 4, 1]),
    ints('strides', [1, 1, 1, 1]),
    ints('flat_shape', [-1, 16]),
    ints('fill_shape', [3]),
    ints('times', [2]),
    ints('zero', 0),
    ints('one', 1),
    ints('four', 4),
    ints('four_again', 4),
    ints('all', [0, 1]),
    weight('nothing', [0], []),
    ints('element', []),
  ],
  outputs: { merged: 'merged', hot: 'hot', loop: 'l/exit', stacked: 'stacked' },
};
// The paddings are pairs.
const { json, bytes } = graphParts({
  ...description,
  weights: description.weights.map((each) => (each.name === 'paddings' ? { ...each, shape: [4, 2] } : each)),
});

/** The numbers of a run, from the given part of a seed. */
function random(draw: number): (below: number) => number {
  let state = words(runSeed, draw)[0];
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Changes a few bytes, or cuts some off. */
function damaged(right: Uint8Array, next: (below: number) => number): Uint8Array {
  const copy = right.slice();
  if (next(3) === 0) return copy.slice(0, next(copy.length));
  for (let i = 0; i <= next(3); i++) copy[next(copy.length)] = [0, 255, 127, 128, next(256)][next(5)]!;
  return copy;
}

/** Loads and runs it. @returns what it said where it failed */
async function outcome(text: string, weights: Uint8Array): Promise<string | null> {
  try {
    const model = await loadGraphModel(filesWith(text, { 'weights.bin': weights }));
    try {
      dl.tidy(() => void model.predict(dl.ones([1, 4, 4, 1])));
      return null;
    } finally {
      model.dispose();
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe('A hostile file of a model', () => {
  const right = JSON.stringify(json);

  it('is one that loads and runs, before it is changed', async () => {
    expect(await outcome(right, bytes)).toBeNull();
  });

  it('gives a model that runs, or an error, and leaves nothing', async () => {
    const changes = changedJson(right);
    const { numTensors } = dl.memory();
    for (let draw = 0; draw < draws; draw++) {
      const next = random(draw);
      const isJson = next(3) > 0;
      const { name, json: text } = isJson
        ? changes[next(changes.length)]!
        : { name: `draw ${draw} of the weights`, json: right };
      const start = performance.now();
      const used = isJson ? bytes : damaged(bytes, next);
      const said = await outcome(text, used);
      const context = `seed ${runSeed}, draw ${draw}: ${name}`;
      if (said !== null)
        expect(said)
          .withContext(context)
          .toMatch(/^(loadGraphModel|predict): /);
      expect(said?.length ?? 0)
        .withContext(context)
        .toBeLessThan(3000);
      expect(performance.now() - start)
        .withContext(context)
        .toBeLessThan(20_000);
      expect(dl.memory().numTensors).withContext(context).toBe(numTensors);
    }
  });

  it('in the format safetensors gives tensors, or an error, and leaves nothing', async () => {
    const weights = { a: dl.tensor2d([[1, 2]]), b: dl.tensor1d([true, false], 'bool') };
    const file = await toSafetensors(weights, { made: 'here' });
    dl.dispose(weights);
    const length = new DataView(file.buffer).getUint32(0, true);
    const header = new TextDecoder().decode(file.subarray(8, 8 + length));
    const changes = changedJson(header);
    const { numTensors } = dl.memory();
    for (let draw = 0; draw < draws; draw++) {
      const next = random(draw);
      let hostile = damaged(file, next);
      if (next(3) > 0) {
        const changed = new TextEncoder().encode(changes[next(changes.length)]!.json);
        hostile = new Uint8Array([...new Uint8Array(8), ...changed, ...file.subarray(8 + length)]);
        new DataView(hostile.buffer).setUint32(0, changed.length, true);
      }
      try {
        dl.dispose(fromSafetensors(hostile));
      } catch (error) {
        expect((error as Error).message)
          .withContext(`seed ${runSeed}, draw ${draw}`)
          .toMatch(/^fromSafetensors: /);
      }
      expect(dl.memory().numTensors).withContext(`seed ${runSeed}, draw ${draw}`).toBe(numTensors);
    }
  });
});

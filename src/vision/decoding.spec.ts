import { near } from '../../test/support/near';
import * as dl from 'rxtensor';
import { decodeBoxes, decodeHeatmap, decodeKeypoints, topLabels } from 'rxtensor/vision';

const two = Float32Array.of(0.25, 0.25, 1, 1, 0.5, 0.75, 0.5, 0.25);

describe('decodeBoxes', () => {
  it('decodes pixels from anchors, x first, with keypoints', async () => {
    const outputs = dl.tensor3d([
      [
        [9, 4, -8, 40, 20, 2, 2],
        [-9, 0, 0, 0, 0, 0, 0],
      ],
    ]);
    const found = await decodeBoxes({ boxes: outputs, scores: outputs }, two, {
      inputSize: [100, 200],
      boxColumn: 1,
      keypoints: 1,
      isXFirst: true,
    });
    // The centre is at (50 + 4, 25 − 8).
    expect(found).toEqual([
      {
        box: { x: near(34), y: near(7), width: near(40), height: near(20) },
        score: near(1 / (1 + Math.exp(-9))),
        label: 0,
        keypoints: [{ x: near(52), y: near(27) }],
      },
    ]);
    outputs.dispose();
  });

  // As TensorFlow's detectors: (y, x, log height, log width), places divided by 10 and sizes by 5.
  it('decodes logarithms of sizes, y first, with the best of several classes', async () => {
    const boxes = dl.tensor2d([
      [0, 0, 0, 0],
      [10, -10, 5 * Math.log(2), 5 * Math.log(3)],
    ]);
    const scores = { values: Float32Array.of(0.1, 0.2, 0.3, 0.9, 0.2, 0.8), shape: [1, 2, 3] };
    const found = await decodeBoxes({ boxes, scores }, two, {
      inputSize: [100, 100],
      labels: 2,
      scoreColumn: 1,
      isLogSize: true,
      divisors: [10, 5],
      activation: 'none',
      minScore: 0.35,
    });
    // Centre (0.5 − 0.5, 0.75 + 0.25), size 1.5 × 0.5, in shares.
    expect(found).toEqual([
      {
        box: { x: near(-75), y: near(75), width: near(150), height: near(50) },
        score: near(0.8),
        label: 1,
        keypoints: [],
      },
    ]);
    boxes.dispose();
  });

  it('refuses what does not fit', async () => {
    const outputs = dl.zeros([2, 4]);
    const options = { inputSize: [8, 8] } as const;
    const call = (boxes: unknown, more: object, anchors: unknown = two): Promise<unknown> =>
      decodeBoxes({ boxes: boxes as dl.Tensor, scores: outputs }, anchors as Float32Array, {
        ...options,
        ...more,
      });
    await expectAsync(call(outputs, { keypoints: 1 })).toBeRejectedWithError(
      "decodeBoxes: argument 'boxes' has shape [2,4]; wanted [n, 6 or more], or a batch of one",
    );
    await expectAsync(call(outputs, {}, two.subarray(4))).toBeRejectedWithError(
      /there are 2 boxes and 2 scores; wanted 1, one for each of the 'anchors'/,
    );
    await expectAsync(call(outputs, {}, [1])).toBeRejectedWithError(
      /'anchors' is \[1\]; wanted four numbers an anchor/,
    );
    await expectAsync(call([[1]], {})).toBeRejectedWithError(/'boxes' is \[\[1\]\]; wanted a tensor, or/);
    await expectAsync(call({ values: Float32Array.of(1), shape: [2, 4] }, {})).toBeRejectedWithError(
      /has 1 values and the shape \[2,4\]; wanted 8 values/,
    );
    await expectAsync(call(outputs, { minScore: NaN })).toBeRejectedWithError(
      /option 'minScore' is NaN; wanted a number/,
    );
    await expectAsync(call(outputs, { inputSize: undefined })).toBeRejectedWithError(
      /option 'inputSize' is missing/,
    );
    await expectAsync(decodeBoxes(null as never, two, options)).toBeRejectedWithError(/'outputs' is null/);
    outputs.dispose();
  });
});

describe('decodeKeypoints', () => {
  it('reads columns in any order', async () => {
    const values = dl.tensor4d([0.5, 0.25, 9, 0, 7, 0.75, 0.5, 0, -2, 7], [1, 1, 2, 5]);
    const found = await decodeKeypoints(values, {
      columns: ['y', 'x', 'z', 'score', 'ignored'],
      scale: [100, 200, 2],
      activation: 'sigmoid',
    });
    expect(found).toEqual([
      { x: 25, y: 100, z: 18, score: 0.5 },
      { x: 50, y: 150, z: 0, score: near(1 / (1 + Math.exp(2))) },
    ]);
    values.dispose();
  });

  it('refuses what does not fit', async () => {
    const values = { values: Float32Array.of(1, 2, 3), shape: [3] };
    await expectAsync(decodeKeypoints(values, { columns: ['x', 'y'] })).toBeRejectedWithError(
      "decodeKeypoints: argument 'values' has 3 numbers; wanted a multiple of 2, one for each of 'columns'",
    );
    await expectAsync(decodeKeypoints(values, { columns: ['x'] })).toBeRejectedWithError(
      /option 'columns' is \['x'\]/,
    );
    await expectAsync(decodeKeypoints(values, {} as never)).toBeRejectedWithError(
      /option 'columns' is missing/,
    );
    await expectAsync(decodeKeypoints(values, { columns: ['x', 'y'], scale: NaN })).toBeRejectedWithError(
      /option 'scale' is NaN/,
    );
  });
});

describe('decodeHeatmap', () => {
  // Two points on 2 × 3 cells, their highest places at (row 1, column 0) and (row 0, column 2).
  const cells = [0, 0, 1, 0, 0, 3, 2, 0, 1, 1, 0, 0];

  it('finds the highest place of each map', async () => {
    const heatmap = dl.tensor4d(cells, [1, 2, 3, 2]);
    const found = await decodeHeatmap(heatmap, { inputSize: [20, 30], activation: 'none' });
    expect(found).toEqual([
      { x: 5, y: 15, score: 2 },
      { x: 25, y: 5, score: 3 },
    ]);
    heatmap.dispose();
  });

  it('moves each by the offset of its place', async () => {
    const heatmap = dl.tensor3d(cells, [2, 3, 2]);
    const offsets = dl.tidy(() => dl.range(0, 24).reshape([2, 3, 4]));
    const found = await decodeHeatmap(heatmap, { inputSize: [11, 21], offsets, activation: 'none' });
    // Cells are ten pixels apart. Offsets of cell 3 are 12 and 14 for the first point; those of cell 2 are 9 and 11 for the second.
    expect(found).toEqual([
      { x: 0 + 14, y: 10 + 12, score: 2 },
      { x: 20 + 11, y: 0 + 9, score: 3 },
    ]);
    dl.dispose([heatmap, offsets]);
  });

  it('refuses what does not fit', async () => {
    const heatmap = dl.zeros([2, 3, 2]);
    const options = { inputSize: [8, 8] } as const;
    await expectAsync(decodeHeatmap(heatmap, { ...options, offsets: heatmap })).toBeRejectedWithError(
      "decodeHeatmap: option 'offsets' has shape [2,3,2]; wanted [2,3,4]",
    );
    const flat = { values: Float32Array.of(1), shape: [1, 1] };
    await expectAsync(decodeHeatmap(flat, options)).toBeRejectedWithError(
      /'heatmap' has shape \[1,1\]; wanted \[rows/,
    );
    const none = { values: new Float32Array(0), shape: [0, 1, 1] };
    await expectAsync(decodeHeatmap(none, options)).toBeRejectedWithError(/wanted at least one cell/);
    await expectAsync(decodeHeatmap(heatmap, {} as never)).toBeRejectedWithError(
      /option 'inputSize' is missing/,
    );
    heatmap.dispose();
  });
});

describe('topLabels', () => {
  const labels = ['cat', 'dog', 'fox'];

  it('sorts, after a softmax where it is asked', async () => {
    const logits = dl.tensor2d([[0, 2, 1]]);
    expect(await topLabels(logits, labels, { count: 2 })).toEqual([
      { label: 'dog', index: 1, score: 2 },
      { label: 'fox', index: 2, score: 1 },
    ]);
    const sum = Math.exp(-2) + 1 + Math.exp(-1);
    expect(await topLabels(logits, labels, { activation: 'softmax', minScore: 0.5 })).toEqual([
      { label: 'dog', index: 1, score: near(1 / sum) },
    ]);
    logits.dispose();
  });

  it('refuses what does not fit', async () => {
    const scores = { values: Float32Array.of(1, 2), shape: [2] };
    await expectAsync(topLabels(scores, labels)).toBeRejectedWithError(
      "topLabels: argument 'scores' has shape [2]; wanted 3 numbers, one for each of the 'labels'",
    );
    await expectAsync(topLabels(scores, 'ab' as never)).toBeRejectedWithError(
      /'labels' is 'ab'; wanted a list of texts/,
    );
    await expectAsync(topLabels(scores, ['a', 'b'], { count: 0 })).toBeRejectedWithError(
      /option 'count' is 0/,
    );
  });
});

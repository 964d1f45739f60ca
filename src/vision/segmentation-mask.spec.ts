import * as dl from 'rxtensor';
import { letterbox, segmentationMask } from 'rxtensor/vision';

const values = async (mask: dl.Tensor): Promise<number[]> =>
  Array.from(await mask.data(), (each) => Math.round(1000 * each) / 1000);

describe('segmentationMask', () => {
  it('resizes to the picture, from edge to edge', async () => {
    const output = dl.tensor4d([0, 1, 0, 1], [1, 2, 2, 1]);
    const mask = segmentationMask(output, [1, 4]);
    expect([mask.shape, mask.dtype]).toEqual([[1, 4], 'float32']);
    expect(await values(mask)).toEqual([0, 0.25, 0.75, 1]);
    dl.dispose([output, mask]);
  });

  it('takes one channel, after a softmax', async () => {
    const output = dl.tensor4d([0, Math.log(3), 0, 0], [1, 1, 2, 2]);
    const mask = segmentationMask(output, [1, 2], { activation: 'softmax', channel: 1 });
    expect(await values(mask)).toEqual([0.75, 0.5]);
    dl.dispose([output, mask]);
  });

  it('undoes a letterbox', async () => {
    const picture = dl.zeros([2, 4, 1]);
    const { image, toPicture } = letterbox(picture, [8, 8]);
    // Half the size of the input; the rows of the bars would be 9.
    const output = dl.tensor4d(
      [9, 9, 9, 9, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 9, 9, 9, 9],
      [1, 4, 4, 1],
    );
    const mask = segmentationMask(output, [2, 4], { toPicture, inputSize: [8, 8] });
    expect(await values(mask)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]);
    dl.dispose([picture, image, output, mask]);
  });

  it('reaches to the edges of the picture, which a model has seen', async () => {
    const picture = dl.zeros([6, 12, 1]);
    const { image, toPicture } = letterbox(picture, [4, 4]);
    const output = dl.ones([1, 4, 4, 1]);
    const mask = segmentationMask(output, [6, 12], { toPicture });
    expect(await values(mask)).toEqual(Array.from({ length: 72 }, () => 1));
    dl.dispose([picture, image, output, mask]);
  });

  it('refuses what does not fit', () => {
    const output = dl.zeros([1, 2, 2, 2]);
    const flat = dl.zeros([2, 2]);
    expect(() => segmentationMask(flat, [2, 2])).toThrowError(
      "segmentationMask: argument 'output' has shape [2,2]; wanted [1, rows, columns, channels], none of them 0",
    );
    expect(() => segmentationMask(output, [2, 2], { channel: 2 })).toThrowError(
      /'channel' is 2; wanted an integer from 0 to 1/,
    );
    expect(() => segmentationMask(output, [2, 2], { toPicture: [1] as never })).toThrowError(
      /option 'toPicture' is \[1\]/,
    );
    expect(() => segmentationMask(output, [2] as never, {})).toThrowError(/'size' is \[2\]/);
    expect(() => segmentationMask(null as never, [2, 2])).toThrowError(/'output' is null; wanted a tensor/);
    dl.dispose([output, flat]);
  });
});

import { near } from '../../test/support/near';
import { ssdAnchors, type SsdAnchorOptions } from 'rxtensor/vision';

const rows = (anchors: Float32Array, from: number, to: number): number[][] =>
  Array.from({ length: to - from }, (_, i) =>
    Array.from(anchors.subarray(4 * (from + i), 4 * (from + i) + 4)),
  );
const all = (numbers: readonly number[]): number[] => numbers.map((each) => near(each, 1e-5));

describe('ssdAnchors', () => {
  const front: SsdAnchorOptions = {
    inputSize: [128, 128],
    strides: [8, 16, 16, 16],
    minScale: 0.1484375,
    maxScale: 0.75,
    fixedAnchorSize: true,
  };

  // Counted from the graphs of MediaPipe: two anchors for each of 16 × 16 cells, and six for each of 8 × 8.
  it("lays BlazeFace's", () => {
    const anchors = ssdAnchors(front);
    expect(anchors.length).toBe(4 * 896);
    expect(rows(anchors, 0, 3)).toEqual([
      all([1 / 32, 1 / 32, 1, 1]),
      all([1 / 32, 1 / 32, 1, 1]),
      all([3 / 32, 1 / 32, 1, 1]),
    ]);
    expect(rows(anchors, 511, 513)).toEqual([all([31 / 32, 31 / 32, 1, 1]), all([1 / 16, 1 / 16, 1, 1])]);
    expect(rows(anchors, 895, 896)).toEqual([all([15 / 16, 15 / 16, 1, 1])]);
  });

  it("counts those of MediaPipe's palms and bodies", () => {
    const strides = [8, 16, 32, 32, 32];
    expect(ssdAnchors({ ...front, inputSize: [256, 256], strides }).length / 4).toBe(2944);
    expect(ssdAnchors({ ...front, inputSize: [224, 224], strides }).length / 4).toBe(2254);
  });

  // By hand, from the formulas of the paper: scales from 0.2 to 0.95, the one between two layers by their geometric mean.
  it('has widths and heights by scales and ratios', () => {
    const anchors = ssdAnchors({
      inputSize: [300, 300],
      strides: [150, 300],
      minScale: 0.2,
      maxScale: 0.95,
      aspectRatios: [1, 2, 0.5],
      reduceBoxesInLowestLayer: true,
    });
    expect(anchors.length / 4).toBe(2 * 2 * 3 + 4);
    const root = Math.SQRT2;
    expect(rows(anchors, 0, 3)).toEqual([
      all([0.25, 0.25, 0.1, 0.1]),
      all([0.25, 0.25, 0.2 * root, 0.2 / root]),
      all([0.25, 0.25, 0.2 / root, 0.2 * root]),
    ]);
    expect(rows(anchors, 12, 16)).toEqual([
      all([0.5, 0.5, 0.95, 0.95]),
      all([0.5, 0.5, 0.95 * root, 0.95 / root]),
      all([0.5, 0.5, 0.95 / root, 0.95 * root]),
      all([0.5, 0.5, Math.sqrt(0.95), Math.sqrt(0.95)]),
    ]);
  });

  it('of a single layer has the mean of both scales, and moves centres', () => {
    const options = { ...front, inputSize: [8, 16], strides: [8], minScale: 0.2, maxScale: 0.4 } as const;
    const anchors = ssdAnchors({
      ...options,
      fixedAnchorSize: false,
      interpolatedScaleAspectRatio: 0,
      anchorOffset: [0, 0.25],
    });
    expect(rows(anchors, 0, 2)).toEqual([all([0.125, 0, 0.3, 0.3]), all([0.625, 0, 0.3, 0.3])]);
  });

  it('refuses wrong options', () => {
    expect(() => ssdAnchors({ ...front, strides: [] })).toThrowError(
      "ssdAnchors: option 'strides' is []; wanted positive integers",
    );
    expect(() => ssdAnchors({ ...front, strides: undefined as never })).toThrowError(
      "ssdAnchors: option 'strides' is missing",
    );
    expect(() => ssdAnchors({ ...front, minScale: NaN })).toThrowError(/option 'minScale' is NaN/);
    expect(() => ssdAnchors({ ...front, aspectRatios: [0] })).toThrowError(/option 'aspectRatios' is \[0\]/);
    expect(() => ssdAnchors({ ...front, anchorOffset: [0.5] as never })).toThrowError(
      /option 'anchorOffset' is \[0.5\]/,
    );
    expect(() => ssdAnchors({ ...front, scales: 1 } as never)).toThrowError(
      /there is no option 'scales'; the nearest is/,
    );
  });
});

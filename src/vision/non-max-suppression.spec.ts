import { near } from '../../test/support/near';
import { nonMaxSuppression, type Detection } from 'rxtensor/vision';

const at = (x: number, score: number, label = 0): Detection => ({
  box: { x, y: 0, width: 10, height: 10 },
  score,
  label,
  keypoints: [{ x: x + 5, y: 5 }],
});

describe('nonMaxSuppression of vision', () => {
  // Boxes that are moved by d of 10 overlap by (10 − d)/(10 + d).
  const found = [at(30, 0.4), at(2, 0.6), at(0, 0.9), at(9, 0.8)];

  it('keeps the best of those that overlap', () => {
    expect(nonMaxSuppression(found)).toEqual([found[2]!, found[3]!, found[0]!]);
    expect(nonMaxSuppression(found, { iouThreshold: 0.7 }).length).toBe(4);
    expect(nonMaxSuppression(found, { maxDetections: 1 })).toEqual([found[2]!]);
    expect(nonMaxSuppression([])).toEqual([]);
  });

  it('blends by scores where it is weighted', () => {
    const [best, ...others] = nonMaxSuppression(found, { weighted: true });
    // (0.9 · 0 + 0.6 · 2) / 1.5
    expect(best!.box).toEqual({
      x: near(0.8),
      y: 0,
      width: 10,
      height: near(10),
    });
    expect(best!.keypoints[0]!.x).toBeCloseTo(5.8);
    expect(best!.score).toBe(0.9);
    expect(others.map(({ box }) => Math.round(box.x))).toEqual([9, 30]);
  });

  it('blends what overlaps several into the best of them', () => {
    const [best, second] = nonMaxSuppression([at(0, 0.8), at(8, 0.6), at(4, 0.4)], {
      weighted: true,
      iouThreshold: 0.3,
    });
    expect(best!.box.x).toBeCloseTo((0.8 * 0 + 0.4 * 4) / 1.2);
    expect(second!.box.x).toBeCloseTo(8);
  });

  it('leaves other labels alone', () => {
    const labelled = [at(0, 0.9, 1), at(0, 0.95, 2)];
    expect(nonMaxSuppression(labelled).map(({ label }) => label)).toEqual([2, 1]);
  });

  it('refuses what are no detections', () => {
    expect(() => nonMaxSuppression(3 as never)).toThrowError(
      "nonMaxSuppression: argument 'detections' is 3; wanted a list of detections, as decodeBoxes() gives",
    );
    expect(() => nonMaxSuppression([{ box: [1, 2, 3, 4] } as never])).toThrowError(
      /wanted detections \{ box: \{ x, y/,
    );
    expect(() => nonMaxSuppression(found, { iouThreshold: 2 })).toThrowError(
      /option 'iouThreshold' is 2; wanted a number in \[0, 1\]/,
    );
    expect(() => nonMaxSuppression(found, { weighted: 1 as never })).toThrowError(/option 'weighted' is 1/);
  });
});

import { near } from '../../test/support/near';
import * as dl from 'rxtensor';
import { cropRegion, letterbox, mapPoints, type Region } from 'rxtensor/vision';

/** A picture whose colours tell where they are: red is the column, green the row, in 64ths. */
const placesOf = (height: number, width: number): dl.Tensor3D =>
  dl.tensor3d(
    Array.from({ length: height * width }, (_, i) => [
      (i % width) / 64,
      Math.floor(i / width) / 64,
      1,
    ]).flat(),
    [height, width, 3],
  );

describe('cropRegion', () => {
  const regions: Readonly<Record<string, Region>> = {
    upright: { centerX: 20, centerY: 12, width: 16, height: 8 },
    turned: { centerX: 20, centerY: 15, width: 12, height: 8, rotation: 0.5 },
    'upside down': { centerX: 20, centerY: 15, width: 12, height: 8, rotation: Math.PI },
  };
  for (const [name, region] of Object.entries(regions)) {
    it(`takes each pixel of an ${name} region from where toPicture says`, async () => {
      const picture = placesOf(30, 40);
      const { image, toPicture } = cropRegion(picture, region, [4, 6]);
      expect(image.shape).toEqual([1, 4, 6, 3]);
      const values = await image.data();
      for (let row = 0; row < 4; row++)
        for (let column = 0; column < 6; column++) {
          // The colours grow linearly, so that an interpolated one is that of the place itself.
          const [{ x, y }] = mapPoints([{ x: column + 0.5, y: row + 0.5 }], toPicture) as [
            { x: number; y: number },
          ];
          expect(64 * values[(row * 6 + column) * 3]!).toBeCloseTo(x - 0.5, 2);
          expect(64 * values[(row * 6 + column) * 3 + 1]!).toBeCloseTo(y - 0.5, 2);
          expect(values[(row * 6 + column) * 3 + 2]!).toBeCloseTo(1, 4);
        }
      dl.dispose([picture, image]);
    });
  }

  it('of a quarter turn has the picture turned', async () => {
    const picture = dl.tensor3d([1, 2, 3, 4, 5, 6], [2, 3, 1]);
    const region = { centerX: 1.5, centerY: 1, width: 2, height: 3, rotation: Math.PI / 2 };
    const { image, toPicture } = cropRegion(picture, region, [3, 2]);
    // What was on the right is above now.
    const wanted = [3, 6, 2, 5, 1, 4];
    (await image.data()).forEach((value, i) => expect(value).toBeCloseTo(wanted[i]!, 4));
    const [corner] = mapPoints([{ x: 0, y: 0, z: 2 }], toPicture);
    expect([corner!.x, corner!.y, corner!.z]).toEqual([near(3), near(0), near(2)]);
    dl.dispose([picture, image]);
  });

  it('of the whole picture is the picture', async () => {
    const picture = dl.tensor3d([1, 2, 3, 4, 5, 6], [2, 3, 1]);
    const { image } = cropRegion(picture, { centerX: 1.5, centerY: 1, width: 3, height: 2 }, [2, 3]);
    expect([...(await image.data())]).toEqual([1, 2, 3, 4, 5, 6]);
    dl.dispose([picture, image]);
  });

  for (const dtype of ['float32', 'int32'] as const)
    it(`keeps the rim of a ${dtype} picture as bright as it is, however large it is made or turned`, async () => {
      const picture = dl.fill([4, 6, 3], dtype === 'int32' ? 255 : 1, dtype);
      const whole = { centerX: 3, centerY: 2, width: 6, height: 4 };
      const crops = [
        cropRegion(picture, whole, [12, 30]).image,
        cropRegion(picture, { ...whole, isMirrored: true }, [7, 11]).image,
        cropRegion(picture, { ...whole, width: 4, height: 6, rotation: Math.PI / 2 }, [18, 12]).image,
        // A turned one whose corners lie on the rim.
        cropRegion(
          picture,
          { centerX: 3, centerY: 2, width: 2.8, height: 2.8, rotation: Math.PI / 4 },
          [9, 9],
        ).image,
      ];
      for (const crop of crops) (await crop.data()).forEach((value) => expect(value).toBeCloseTo(1, 5));
      dl.dispose([picture, ...crops]);
    });

  it('ends at the rim, and is black beyond it', async () => {
    const picture = dl.ones([4, 6, 1]);
    // One pixel of the picture is four of the crop; the picture begins at the fourth of them, to the right and down.
    const { image } = cropRegion(picture, { centerX: 1.25, centerY: 1.25, width: 4, height: 4 }, [16, 16]);
    const values = await image.data();
    values.forEach((value, i) =>
      expect(value)
        .withContext(`at ${i}`)
        .toBeCloseTo(i % 16 < 3 || i < 3 * 16 ? 0 : 1, 5),
    );
    dl.dispose([picture, image]);
  });

  it('takes int32 for 0 to 255, and has black outside of the picture', async () => {
    const picture = dl.fill([2, 2, 1], 255, 'int32');
    const { image } = cropRegion(picture, { centerX: 2, centerY: 1, width: 4, height: 2 }, [2, 4]);
    (await image.data()).forEach((value, i) => expect(value).toBeCloseTo(i % 4 < 2 ? 1 : 0, 5));
    dl.dispose([picture, image]);
  });

  it('refuses what is no picture, no region and no size', () => {
    const region = { centerX: 1, centerY: 1, width: 2, height: 2 };
    const picture = dl.zeros([2, 2, 3]);
    expect(() => cropRegion(3 as never, region, [2, 2])).toThrowError(
      "cropRegion: argument 'picture' is 3; wanted a picture, a tensor [height, width, channels]",
    );
    const flat = dl.zeros([2, 2]);
    expect(() => cropRegion(flat as never, region, [2, 2])).toThrowError(
      /is float32 of shape \[2,2\]; wanted a picture/,
    );
    expect(() => cropRegion(picture, { ...region, width: 0 }, [2, 2])).toThrowError(
      /'region' is an object of center 1, 1, size 0 × 2/,
    );
    expect(() => cropRegion(picture, undefined as never, [2, 2])).toThrowError(
      /'region' is undefined; wanted \{ centerX/,
    );
    expect(() => cropRegion(picture, region, [0, 2])).toThrowError(
      /'size' is \[0,2\]; wanted \[height, width\]/,
    );
    expect(() => mapPoints([], [1, 2] as never)).toThrowError(/'map' is \[1,2\]; wanted six finite numbers/);
    dl.dispose([picture, flat]);
  });
});

describe('letterbox', () => {
  for (const [height, width, bars] of [
    [2, 4, 'above and below'],
    [4, 2, 'left and right'],
  ] as const)
    it(`puts black bars ${bars}`, async () => {
      const picture = dl.ones([height, width, 1]);
      const { image, toPicture } = letterbox(picture, [4, 4]);
      const wanted = Array.from({ length: 16 }, (_, i) => {
        const [row, column] = [Math.floor(i / 4), i % 4];
        const across = height < width ? row : column;
        return across > 0 && across < 3 ? 1 : 0;
      });
      (await image.data()).forEach((value, i) => expect(value).toBeCloseTo(wanted[i]!, 5));
      const [first] = mapPoints([{ x: width === 2 ? 1 : 0, y: height === 2 ? 1 : 0 }], toPicture);
      expect([first!.x, first!.y]).toEqual([0, 0]);
      dl.dispose([picture, image]);
    });
});

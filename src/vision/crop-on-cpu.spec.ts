import * as dl from 'rxtensor';
import { cropRegion, type Region, type Size } from 'rxtensor/vision';
import { expectClose } from '../../test/support/close';
import { cropPicture } from './crop-on-cpu';
import { regionToPicture } from './geometry';

const [HEIGHT, WIDTH] = [21, 34];

/** Runs something on the CPU, whatever backend the specs run on. */
async function onCpu<R>(run: () => Promise<R>): Promise<R> {
  const here = dl.getBackend();
  await dl.setBackend('cpu');
  try {
    return await run();
  } finally {
    await dl.setBackend(here);
  }
}

/** A picture whose neighbouring pixels differ much, from 0 to 255 or to 1. */
function picture(dtype: 'float32' | 'int32', channels: number): dl.Tensor3D {
  const bytes = Array.from(
    { length: HEIGHT * WIDTH * channels },
    (_, i) => (i * 97 + (i >> 3) * 31 + ((i * i) % 113)) % 256,
  );
  const values = dtype === 'int32' ? bytes : bytes.map((byte) => byte / 255);
  return dl.tensor3d(values, [HEIGHT, WIDTH, channels], dtype);
}

const regions: Readonly<Record<string, readonly [Region, Size]>> = {
  'a small region, made larger': [{ centerX: 17.2, centerY: 10.4, width: 6.5, height: 4 }, [9, 11]],
  'a region that keeps its pixels': [{ centerX: 10, centerY: 10, width: 8, height: 6 }, [6, 8]],
  'the whole picture, made smaller': [
    { centerX: WIDTH / 2, centerY: HEIGHT / 2, width: WIDTH, height: HEIGHT },
    [7, 12],
  ],
  'a mirrored region': [{ centerX: 15, centerY: 9, width: 14, height: 10, isMirrored: true }, [8, 13]],
  'a rotated region': [{ centerX: 16, centerY: 10, width: 15, height: 12, rotation: 0.7 }, [12, 10]],
  'a rotated and mirrored region': [
    { centerX: 16, centerY: 10, width: 15, height: 12, rotation: -2.3, isMirrored: true },
    [10, 12],
  ],
  'a region over the left upper corner': [{ centerX: 1, centerY: 2, width: 12, height: 10 }, [9, 8]],
  'a region over the right lower corner': [
    { centerX: WIDTH - 1, centerY: HEIGHT - 2, width: 12, height: 10, rotation: 0.2 },
    [9, 8],
  ],
  'a region larger than the picture': [{ centerX: 17, centerY: 10, width: 80, height: 60 }, [12, 16]],
  'a region outside of the picture': [{ centerX: -50, centerY: 10, width: 10, height: 10 }, [3, 3]],
  'the whole picture, made larger': [
    { centerX: WIDTH / 2, centerY: HEIGHT / 2, width: WIDTH, height: HEIGHT },
    [50, 90],
  ],
  'a letterboxed picture, made larger': [
    { centerX: WIDTH / 2, centerY: HEIGHT / 2, width: WIDTH, height: WIDTH },
    [75, 75],
  ],
  'one pixel': [{ centerX: 12.3, centerY: 7.8, width: 3, height: 2 }, [1, 1]],
};

describe('cropping a picture on the CPU', () => {
  for (const [name, [region, size]] of Object.entries(regions))
    it(`gives ${name} as the warp of the whole picture does`, () =>
      onCpu(async () => {
        for (const dtype of ['float32', 'int32'] as const)
          for (const channels of [1, 3, 4]) {
            const given = picture(dtype, channels);
            const { image: wanted, toPicture } = cropRegion(given, region, size);
            const found = cropPicture(given, toPicture, size);
            expect(found.dtype).toBe('float32');
            expect(found.shape).toEqual([1, ...size, channels]);
            const values = [...(await wanted.data())];
            if (!name.includes('outside')) expect(values.some((value) => value > 0.1)).toBeTrue();
            expectClose(await found.data(), values, 1e-5, `${dtype}, ${channels} channels`);
            dl.dispose([given, wanted, found]);
          }
      }));

  it('gives a picture of one pixel', () =>
    onCpu(async () => {
      const given = dl.tensor3d([51, 102, 255], [1, 1, 3], 'int32');
      const region = { centerX: 0.5, centerY: 0.5, width: 1, height: 1 };
      const found = cropPicture(given, regionToPicture(region, [1, 1]), [1, 1]);
      expectClose(await found.data(), [0.2, 0.4, 1], 1e-6);
      dl.dispose([given, found]);
    }));

  it('gives the image to the backend in use, and leaves the picture', async () => {
    const [region, size] = regions['a rotated region']!;
    const toPicture = regionToPicture(region, size);
    const given = await onCpu(() => Promise.resolve(picture('int32', 3)));
    const found = cropPicture(given, toPicture, size);
    const twice = found.mul(2);
    const wanted = await onCpu(async () => {
      const { image } = cropRegion(given, region, size);
      const values = [...(await image.data())];
      image.dispose();
      return values;
    });
    expectClose(await found.data(), wanted);
    expectClose(
      await twice.data(),
      wanted.map((value) => 2 * value),
    );
    dl.dispose([given, found, twice]);
  });

  it('reads beside a pending read and other views of the picture, and changes neither', () =>
    onCpu(async () => {
      const [region, size] = regions['a small region, made larger']!;
      const given = picture('float32', 3);
      const before = await given.data();
      const view = given.reshape([HEIGHT * WIDTH, 3]);
      const pending = given.data();
      const found = cropPicture(given, regionToPicture(region, size), size);
      given.dispose();
      expect(await pending).toEqual(before);
      expect(await view.data()).toEqual(before);
      dl.dispose([view, found]);
    }));
});

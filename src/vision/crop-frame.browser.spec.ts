import * as dl from 'rxtensor';
import {
  classifier,
  detector,
  landmarker,
  track,
  type Picture,
  type Region,
  type Size,
} from 'rxtensor/vision';
import { loadGraphModel, type GraphModel } from 'rxtensor/models';
import { lastValueFrom, map, Observable } from 'rxjs';
import { cropPicture } from './crop-on-cpu';
import { cropFrame } from './crop-frame';
import { inverseOf, mapPoints, regionToPicture, type Affine } from './geometry';
import { isFrame, sizeOfPicture, type Frame } from './picture';

const [HEIGHT, WIDTH] = [61, 83];

/** A picture without sharp edges, since browsers interpolate with fewer digits than we do; each corner has a colour of its own. */
function painted(): OffscreenCanvas {
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  const image = new ImageData(WIDTH, HEIGHT);
  for (let row = 0; row < HEIGHT; row++)
    for (let column = 0; column < WIDTH; column++) {
      const shade = [
        100 + column,
        120 + 60 * Math.sin(row / 5) + column / 4,
        140 + 60 * Math.cos((row + 2 * column) / 9),
        255,
      ];
      image.data.set(shade, 4 * (row * WIDTH + column));
    }
  canvas.getContext('2d')!.putImageData(image, 0, 0);
  return canvas;
}

const forms: Readonly<Record<string, (canvas: OffscreenCanvas) => Promise<Frame> | Frame>> = {
  'a canvas': (canvas) => canvas,
  'an ImageBitmap': (canvas) => createImageBitmap(canvas),
  'an image': async (canvas) => {
    const image = new Image();
    image.src = URL.createObjectURL(await canvas.convertToBlob());
    await image.decode();
    URL.revokeObjectURL(image.src);
    return image;
  },
  'a VideoFrame': (canvas) => new VideoFrame(canvas, { timestamp: 0 }),
};

const isThere = (form: string): boolean => form !== 'a VideoFrame' || typeof VideoFrame === 'function';

const close = (frame: Frame): void => {
  if ('close' in frame) frame.close();
};

const regions: Readonly<Record<string, readonly [Region, Size]>> = {
  'a small region, made larger': [{ centerX: 37.2, centerY: 20.4, width: 16.5, height: 14 }, [29, 31]],
  'a region that keeps its pixels': [{ centerX: 30, centerY: 30, width: 18, height: 16 }, [16, 18]],
  'the whole picture, made smaller': [
    { centerX: WIDTH / 2, centerY: HEIGHT / 2, width: WIDTH, height: HEIGHT },
    [41, 57],
  ],
  'a letterboxed picture': [
    { centerX: WIDTH / 2, centerY: HEIGHT / 2, width: WIDTH, height: WIDTH },
    [64, 64],
  ],
  'a mirrored region': [{ centerX: 35, centerY: 29, width: 34, height: 30, isMirrored: true }, [28, 33]],
  'a rotated region': [{ centerX: 40, centerY: 30, width: 35, height: 32, rotation: 0.7 }, [32, 30]],
  'a rotated and mirrored region': [
    { centerX: 40, centerY: 30, width: 35, height: 32, rotation: -2.3, isMirrored: true },
    [31, 33],
  ],
  'a region over the left upper corner': [{ centerX: 3, centerY: 4, width: 32, height: 30 }, [29, 27]],
  'a rotated region over the right lower corner': [
    { centerX: WIDTH - 1, centerY: HEIGHT - 2, width: 32, height: 30, rotation: 0.4 },
    [29, 28],
  ],
  'a region larger than the picture': [
    { centerX: 47, centerY: 30, width: 180, height: 160, rotation: 0.2 },
    [64, 72],
  ],
  'a region outside of the picture': [{ centerX: -150, centerY: 10, width: 10, height: 10 }, [3, 3]],
};

/** How far the middle of a pixel of a crop lies inside of the picture, in pixels of the picture or of the crop, whichever are larger; negative outside. */
function depthOf(row: number, column: number, toPicture: Affine): number {
  const [{ x, y }] = mapPoints([{ x: column + 0.5, y: row + 0.5 }], toPicture) as [{ x: number; y: number }];
  const scale = Math.max(1, Math.hypot(toPicture[0], toPicture[3]));
  return Math.min(x, WIDTH - x, y, HEIGHT - y) / scale;
}

describe('cropping what the browser draws', () => {
  for (const [form, made] of Object.entries(forms))
    for (const [name, [region, size]] of Object.entries(regions))
      it(`gives ${name} of ${form} as that of its tensor, black outside`, async () => {
        if (!isThere(form)) pending(`this browser has no such thing as ${form}`);
        const frame = await made(painted());
        const toPicture = regionToPicture(region, size);
        const picture = dl.fromPixels(frame);
        const wanted = dl.tidy(() => cropPicture(picture, toPicture, size));
        const found = dl.tidy(() => cropFrame(frame, toPicture, size));
        expect(found.shape).toEqual([1, ...size, 3]);
        const [a, b] = await Promise.all([found.data(), wanted.data()]);
        let worst = 0;
        let compared = 0;
        for (let row = 0, i = 0; row < size[0]; row++)
          for (let column = 0; column < size[1]; column++) {
            const depth = depthOf(row, column, toPicture);
            for (let channel = 0; channel < 3; channel++, i++) {
              // The edge itself is blended with black, over one pixel.
              if (Math.abs(depth) <= 1.01) continue;
              compared++;
              worst = Math.max(worst, Math.abs(a[i]! - b[i]!));
              if (depth < 0) expect(a[i]).toBe(0);
            }
          }
        // A sixteenth of the difference of neighbours, and the rounding of bytes.
        expect(worst).toBeLessThan(4 / 255);
        expect(compared).toBeGreaterThan(size[0] * size[1]);
        dl.dispose([picture, wanted, found]);
        close(frame);
      });

  for (const [form, made] of Object.entries(forms))
    it(`gives the whole of ${form} to its edges, however large, as a tensor does`, async () => {
      if (!isThere(form)) pending(`this browser has no such thing as ${form}`);
      const canvas = new OffscreenCanvas(8, 6);
      const pen = canvas.getContext('2d')!;
      pen.fillStyle = '#ffffff';
      pen.fillRect(0, 0, 8, 6);
      const frame = await made(canvas);
      const picture = dl.fromPixels(frame);
      for (const [rows, columns] of [
        [6, 8],
        [24, 40],
        [3, 4],
      ] as const) {
        const toPicture: Affine = [8 / columns, 0, 0, 0, 6 / rows, 0];
        const crops = dl.tidy(() => [
          cropFrame(frame, toPicture, [rows, columns]),
          cropPicture(picture, toPicture, [rows, columns]),
        ]);
        for (const crop of crops) (await crop.data()).forEach((value) => expect(value).toBeCloseTo(1, 5));
        dl.dispose(crops);
      }
      picture.dispose();
      close(frame);
    });

  it('follows one size by another, and draws nothing of the crop before', async () => {
    const [canvas, white] = [painted(), new OffscreenCanvas(8, 8)];
    const pen = white.getContext('2d')!;
    pen.fillStyle = '#ffffff';
    pen.fillRect(0, 0, 8, 8);
    for (const side of [12, 5, 9]) {
      const all = dl.tidy(() => cropFrame(canvas, [WIDTH / side, 0, 0, 0, HEIGHT / side, 0], [side, side]));
      // A crop whose upper half lies above the picture.
      const half = dl.tidy(() => cropFrame(white, [1, 0, 0, 0, 1, -4], [8, 8]));
      expect((await all.data()).every((value) => value > 0.2)).toBe(true);
      expect([...(await half.data())]).toEqual(
        Array.from({ length: 8 * 8 * 3 }, (_, i) => Number(i >= 4 * 8 * 3)),
      );
      dl.dispose([all, half]);
    }
  });

  it('works after something whose pixels may not be read, and says why without drawing it again', () => {
    const frame = painted();
    const { prototype } = OffscreenCanvasRenderingContext2D;
    const draw = spyOn(prototype, 'drawImage').and.throwError(
      new DOMException('detached', 'InvalidStateError'),
    );
    expect(() => cropFrame(frame, [1, 0, 0, 0, 1, 0], [2, 2])).toThrowError(
      /^cropRegion: argument 'picture' cannot be drawn \(InvalidStateError: detached\)/,
    );
    expect(draw.calls.allArgs().filter(([source]) => source === frame).length).toBe(1);
    draw.and.callThrough();
    // On WebGL a texture takes the canvas, which a spy cannot refuse.
    if (dl.getBackend() === 'cpu') {
      draw.calls.reset();
      const read = spyOn(prototype, 'getImageData').and.throwError(
        new DOMException('tainted', 'SecurityError'),
      );
      expect(() => cropFrame(frame, [1, 0, 0, 0, 1, 0], [2, 2])).toThrowError(
        /^cropRegion: argument 'picture' shows something from another site/,
      );
      expect(draw.calls.allArgs().filter(([source]) => source === frame).length).toBe(1);
      read.and.callThrough();
    }
    const crop = dl.tidy(() => cropFrame(frame, [1, 0, 0, 0, 1, 0], [2, 2]));
    expect(crop.shape).toEqual([1, 2, 2, 3]);
    crop.dispose();
  });
});

describe('models on what the browser draws', () => {
  let model: GraphModel;
  /** A model that tells the mean colour of a crop, in the place of points, scores and boxes. */
  beforeEach(async () => {
    const node = [
      { name: 'image', op: 'Placeholder' },
      { name: 'axes', op: 'Const' },
      { name: 'colours', op: 'Mean', input: ['image', 'axes'] },
      { name: 'box', op: 'Const' },
    ];
    const weights = [
      { name: 'axes', shape: [2], dtype: 'int32' },
      { name: 'box', shape: [1, 6], dtype: 'float32' },
    ];
    model = await loadGraphModel([
      new File(
        [JSON.stringify({ modelTopology: { node }, weightsManifest: [{ paths: ['w'], weights }] })],
        'model.json',
      ),
      new File([Int32Array.of(1, 2), Float32Array.of(2, 2, 6, 4, 0.9, 7)], 'w'),
    ]);
  });
  afterEach(() => model.dispose());

  const input = { size: [16, 16], range: '0..1' } as const;
  const region = { centerX: 40, centerY: 30, width: 32, height: 32, rotation: 0.5 };

  it('find the same on a frame as on its tensor', async () => {
    const find = detector(model, { kind: 'list', input: { size: [8, 8], range: '0..1' }, output: 'box' });
    const locate = landmarker(model, { input, points: 'colours', decoding: { columns: ['x', 'y', 'z'] } });
    const name = classifier(model, { input, output: 'colours', labels: ['red', 'green', 'blue'] });
    for (const [form, made] of Object.entries(forms)) {
      if (!isThere(form)) continue;
      const frame = await made(painted());
      const picture = dl.fromPixels(frame);
      expect(await find(frame)).toEqual(await find(picture));
      const [one, other] = [await locate(frame, region), await locate(picture, region)];
      expect(one.region).toEqual(other.region);
      // The mean colour, from 0 to 1, which the region makes twice as large.
      for (const axis of ['x', 'y', 'z'] as const)
        expect(Math.abs(one.points[0]![axis]! - other.points[0]![axis]!)).toBeLessThan(0.02);
      expect((await name(frame)).map(({ label }) => label)).toEqual(
        (await name(picture)).map(({ label }) => label),
      );
      picture.dispose();
      close(frame);
    }
  });

  it('are followed by track, and a closed frame is an error that tells so', async () => {
    const locate = landmarker(model, { input, points: 'colours', decoding: { columns: ['x', 'y', 'z'] } });
    const bitmap = await createImageBitmap(painted());
    const frames = new Observable<ImageBitmap>((subscriber) => {
      subscriber.next(bitmap);
      subscriber.complete();
    });
    const followed = frames.pipe(track<ImageBitmap>({ landmarks: locate }));
    const seen = await lastValueFrom(followed.pipe(map(({ picture, tracks }) => [picture, tracks.length])));
    expect(seen).toEqual([bitmap, 1]);
    bitmap.close();
    await expectAsync(lastValueFrom(followed)).toBeRejectedWithError(
      "track: argument 'picture' is 0 × 0 pixels; wanted an image that has been loaded, and is not closed",
    );
    await expectAsync(locate(new Image())).toBeRejectedWithError(/^landmarker: argument 'picture' is 0 × 0/);
  });

  it('know pictures from other things', () => {
    const given: readonly unknown[] = [painted(), document.createElement('video'), new Image()];
    expect(given.map(isFrame)).toEqual([true, true, true]);
    expect([null, undefined, 3, {}, 'video', new ImageData(1, 1)].map(isFrame)).toEqual([
      ...[false, false, false],
      ...[false, false, false],
    ]);
    expect(sizeOfPicture('test', painted())).toEqual([HEIGHT, WIDTH]);
    expect(() => sizeOfPicture('test', document.createElement('video'))).toThrowError(
      "test: argument 'picture' is a video without a frame yet; wanted one after its 'loadeddata' event",
    );
    expect(() => sizeOfPicture('test', 3 as unknown as Picture)).toThrowError(
      /^test: argument 'picture' is 3; wanted a picture/,
    );
    expect(inverseOf([2, 0, 4, 0, 4, 8])).toEqual([0.5, -0, -2, -0, 0.25, -2]);
  });
});

import * as dl from 'rxtensor';
import {
  drawBodies,
  drawFaces,
  drawHands,
  overlay,
  rates,
  smooth,
  type Rates,
  type Track,
  type Tracked,
} from 'rxtensor/vision';
import { lastValueFrom, map, type Observable } from 'rxjs';

const pixel = (canvas: HTMLCanvasElement, x: number, y: number): number[] =>
  Array.from(canvas.getContext('2d')!.getImageData(x, y, 1, 1).data);

interface Value {
  readonly picture: dl.Tensor3D;
  readonly x: number;
}
const pictures = (): Observable<Value> =>
  dl.examples([1]).pipe(dl.mapTensor((x) => ({ picture: dl.ones([20, 30, 3]), x })));

describe('overlay', () => {
  it('draws over the picture, in its pixels', async () => {
    const canvas = document.createElement('canvas');
    const passed = pictures().pipe(
      overlay(canvas, (context, { x }) => {
        context.fillStyle = '#ff0000';
        context.fillRect(x, 2, 4, 4);
      }),
      map(({ x }) => x),
    );
    expect(await lastValueFrom(passed)).toBe(1);
    expect([canvas.width, canvas.height]).toEqual([30, 20]);
    expect(pixel(canvas, 2, 3)).toEqual([255, 0, 0, 255]);
    expect(pixel(canvas, 20, 3)).toEqual([255, 255, 255, 255]);
  });

  it('knows the values of its stream by those above it, also below other operators', async () => {
    const canvas = document.createElement('canvas');
    const track: Track = {
      id: 1,
      score: 1,
      points: [{ x: 3, y: 3 }],
      box: { x: 3, y: 3, width: 0, height: 0 },
    };
    // That this compiles is part of the spec: what drawFaces reads is less than what comes.
    const seen$: Observable<Rates<Tracked>> = pictures().pipe(
      dl.mapTensor(({ picture }) => ({ picture, tracks: [track], time: 1 })),
      smooth({ minCutoff: 1 }),
      overlay(canvas, drawFaces),
      rates(),
    );
    const { tracks, time } = await lastValueFrom(seen$.pipe(map(({ value }) => value)));
    expect([tracks.length, time]).toEqual([1, 1]);
    expect(pixel(canvas, 3, 3)).not.toEqual([255, 255, 255, 255]);
  });

  it('mirrors both', async () => {
    const canvas = document.createElement('canvas');
    const draw = overlay<Value>(
      canvas,
      (context) => {
        context.fillStyle = '#0000ff';
        context.fillRect(1, 2, 4, 4);
      },
      { mirror: true },
    );
    await lastValueFrom(
      pictures().pipe(
        draw,
        map(() => 0),
      ),
    );
    expect(pixel(canvas, 27, 3)).toEqual([0, 0, 255, 255]);
    // The context is as it was.
    expect(canvas.getContext('2d')!.getTransform().a).toBe(1);
  });

  it('hands errors of drawing on, and refuses wrong arguments', async () => {
    const canvas = document.createElement('canvas');
    const failing = overlay<Value>(canvas, () => {
      throw new Error('no brush');
    });
    await expectAsync(lastValueFrom(pictures().pipe(failing))).toBeRejectedWithError('no brush');
    expect(canvas.getContext('2d')!.getTransform().a).toBe(1);
    expect(() => overlay({} as never, drawFaces as never)).toThrowError(
      "overlay: argument 'canvas' is an object; wanted a canvas",
    );
    expect(() => overlay(canvas, 3 as never)).toThrowError(
      /argument 'draw' is 3; wanted a function, such as drawFaces/,
    );
    expect(() => overlay(canvas, () => undefined, { mirror: 1 as never })).toThrowError(
      /option 'mirror' is 1/,
    );
    const none = dl.examples([3]).pipe(overlay(canvas, () => undefined) as never);
    await expectAsync(lastValueFrom(none)).toBeRejectedWithError(
      /overlay: the value is 3; wanted \{ picture/,
    );
  });
});

describe('drawing what was followed', () => {
  const counts = {
    drawFaces: [drawFaces, 468],
    drawHands: [drawHands, 21],
    drawBodies: [drawBodies, 17],
  } as const;
  for (const [name, [draw, count]] of Object.entries(counts))
    it(`${name} joins points by lines`, () => {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [100, 100];
      // On a circle.
      const points = Array.from({ length: count }, (_, i) => ({
        x: 50 + 40 * Math.cos(i),
        y: 50 + 40 * Math.sin(i),
        score: 0.9,
      }));
      const track: Track = { id: 1, score: 1, points, box: { x: 10, y: 10, width: 80, height: 80 } };
      draw(canvas.getContext('2d')!, { tracks: [track] });
      const inside = canvas.getContext('2d')!.getImageData(25, 25, 50, 50).data;
      expect(inside.some((value, i) => i % 4 === 3 && value > 0)).toBeTrue();
    });

  it('leaves out what the model is not sure of', () => {
    const canvas = document.createElement('canvas');
    const points = Array.from({ length: 17 }, (_, i) => ({ x: 5 * i, y: 20, score: 0.1 }));
    const track: Track = { id: 1, score: 1, points, box: { x: 0, y: 20, width: 80, height: 0 } };
    drawBodies(canvas.getContext('2d')!, { tracks: [track] });
    expect(
      canvas
        .getContext('2d')!
        .getImageData(0, 0, 300, 150)
        .data.every((value) => value === 0),
    ).toBeTrue();
  });
});

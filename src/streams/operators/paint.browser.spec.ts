import * as dl from 'rxtensor';
import { concat, of, Subject, throwError, type Observable } from 'rxjs';
import { deferred, settle, until } from '../../../test/support/marbles';
import { backend } from '../../tensor/backend';

function canvasOf(context: '2d' | 'webgl2' = '2d'): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.getContext(context);
  return canvas;
}

/** Red, green and blue of all pixels, and the width. */
function shown(canvas: HTMLCanvasElement): { width: number; colours: number[] } {
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, width, height);
  return { width, colours: [...data].filter((_, i) => i % 4 < 3) };
}

/** Images of 2 × 1 gray pixels. */
const grays = (...shades: number[]): Observable<dl.Tensor2D> =>
  of(...shades).pipe(dl.mapTensor((shade) => dl.tensor2d([[shade, 255 - shade]], [1, 2], 'int32')));

function run(stream: Observable<unknown>): { count: number; ending: string; stop: () => void } {
  const result = { count: 0, ending: 'none', stop: (): void => subscription.unsubscribe() };
  const subscription = stream.subscribe({
    next: () => result.count++,
    error: (error: unknown) => (result.ending = String(error)),
    complete: () => (result.ending = 'complete'),
  });
  return result;
}

async function ended(result: { ending: string }): Promise<void> {
  await until(() => result.ending !== 'none');
}

describe('paint', () => {
  it('draws each image and passes it on', async () => {
    const canvas = canvasOf();
    const seen: number[] = [];
    const drawing = spyOn(canvas.getContext('2d')!, 'putImageData').and.callFake((image: ImageData) =>
      seen.push(image.data[0]!),
    );
    const result = run(grays(10, 200, 30).pipe(dl.paint(canvas)));
    expect(result.count).toBe(3);
    expect(result.ending).toBe('none');
    await ended(result);
    expect(result.ending).toBe('complete');
    expect(drawing).toHaveBeenCalledTimes(3);
    expect(seen).toEqual([10, 200, 30]);
  });

  it('gives the canvas the size and the colours of the image', async () => {
    const canvas = canvasOf();
    const colours = [255, 0, 10, 0, 128, 20, 3, 2, 1, 200, 100, 50, 9, 99, 199, 255, 255, 255];
    const result = run(
      of(colours).pipe(
        dl.mapTensor((values) => dl.tensor3d(values, [2, 3, 3], 'int32')),
        dl.paint(canvas),
      ),
    );
    await ended(result);
    expect(result.ending).toBe('complete');
    expect(shown(canvas)).toEqual({ width: 3, colours });
  });

  it('draws in order, however late the reads are', async () => {
    const canvas = canvasOf();
    const reads = [deferred<Int32Array>(), deferred<Int32Array>()];
    let next = 0;
    spyOn(backend(), 'read').and.callFake(() => reads[next++]!.promise);
    const result = run(grays(1, 2).pipe(dl.paint(canvas)));
    reads[1]!.resolve(Int32Array.of(7, 7));
    await settle();
    expect(canvas.width).not.toBe(2);
    reads[0]!.resolve(Int32Array.of(5, 5));
    await ended(result);
    expect(shown(canvas).colours).toEqual([7, 7, 7, 7, 7, 7]);
  });

  it('keeps a pulling source from running ahead of what is drawn', async () => {
    const canvas = canvasOf();
    const read = deferred<Float32Array>();
    spyOn(backend(), 'read').and.callFake(() => read.promise);
    const result = run(
      dl.examples([0, 0, 0, 0, 0], { inFlight: 2 }).pipe(
        dl.mapTensor((shade) => dl.tensor2d([[shade]])),
        dl.paint(canvas),
      ),
    );
    await until(() => result.count === 2);
    await settle();
    expect(result.count).toBe(2);
    read.resolve(Float32Array.of(0));
    await ended(result);
    expect([result.count, result.ending]).toEqual([5, 'complete']);
  });

  it('draws what came before an error', async () => {
    const canvas = canvasOf();
    const failing = concat(
      grays(100),
      throwError(() => new Error('from above')),
    );
    const result = run(failing.pipe(dl.paint(canvas)));
    await ended(result);
    expect(result.ending).toBe('Error: from above');
    expect(shown(canvas).colours).toEqual([100, 100, 100, 155, 155, 155]);
  });

  it('draws nothing after it was unsubscribed from', async () => {
    const canvas = canvasOf();
    const drawing = spyOn(canvas.getContext('2d')!, 'putImageData');
    const subject = new Subject<number>();
    const result = run(
      subject.pipe(
        dl.mapTensor((shade) => dl.tensor2d([[shade]])),
        dl.paint(canvas),
      ),
    );
    subject.next(1);
    expect(result.count).toBe(1);
    result.stop();
    await settle();
    expect(drawing).not.toHaveBeenCalled();
    expect(subject.observed).toBeFalse();
  });

  it('makes an error of what it cannot draw', async () => {
    const errorOf = async (value: () => unknown, canvas = canvasOf()): Promise<string> => {
      const result = run(
        of(0).pipe(
          dl.mapTensor(() => value() as dl.Tensor2D),
          dl.paint(canvas),
        ),
      );
      await ended(result);
      return result.ending;
    };
    expect(await errorOf(() => dl.tensor2d([[2]]))).toMatch(
      /argument 'img' holds 2; wanted float32 from 0 to 1/,
    );
    expect(await errorOf(() => dl.zeros([2, 2, 2]))).toMatch(/wanted 1, 3 or 4 channels/);
    expect(await errorOf(() => 3)).toBe(
      'Error: paint: the value is number; wanted an image, a tensor (see toPixels)',
    );
    expect(await errorOf(() => dl.zeros([1, 1]), canvasOf('webgl2'))).toBe(
      "Error: paint: argument 'canvas' has a context other than '2d'; wanted a canvas without a context, or with a '2d' one",
    );
    expect(() => dl.paint({} as never)).toThrowError("paint: argument 'canvas' is object; wanted a canvas");
  });
});

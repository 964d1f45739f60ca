import * as dl from 'rxtensor';
import { from, lastValueFrom, map, mergeMap } from 'rxjs';

/** What a package for pictures gives. */
const decode = (path: string): Promise<{ data: Uint8Array; width: number; height: number }> =>
  Promise.resolve({ data: Uint8Array.from({ length: 6 }, (_, i) => i + path.length), width: 2, height: 1 });

describe('images, in Node', () => {
  it('says that a browser decodes pictures, before it takes a path for an address', async () => {
    for (const source of [
      'photo.png',
      new URL('file:///photo.png'),
      new Blob(['no picture']),
      Uint8Array.of(1),
    ])
      await expectAsync(dl.images([source]).forEach(() => undefined)).toBeRejectedWithError(
        /^images: there is no createImageBitmap here for .* \(image 1\); wanted a browser, or \{values, shape\} for batch\(\)$/,
      );
  });

  it('has batch in its place, of what another package decodes', async () => {
    const pictures = await lastValueFrom(
      from(['a.png', 'bc.png']).pipe(
        mergeMap(decode),
        map(({ data, width, height }) => ({ values: data, shape: [height, width, 3] })),
        dl.batch(2),
        map((pair) => [pair.shape, pair.dtype, [...pair.dataSync()]]),
      ),
    );
    expect(pictures).toEqual([[2, 1, 2, 3], 'int32', [5, 6, 7, 8, 9, 10, 6, 7, 8, 9, 10, 11]]);
  });
});

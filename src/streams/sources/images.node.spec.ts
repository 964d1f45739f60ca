import * as dl from 'rxtensor';

describe('images, in Node', () => {
  it('says that a browser decodes pictures, before it takes a path for an address', async () => {
    for (const source of ['photo.png', new URL('file:///photo.png'), new Blob(['no picture'])])
      await expectAsync(dl.images([source]).forEach(() => undefined)).toBeRejectedWithError(
        /^images: there is no createImageBitmap here to decode .* \(image 1\) with; wanted a browser$/,
      );
  });
});

import { Readable } from 'node:stream';
import * as dl from 'rxtensor';
import { take } from 'rxjs';
import { settle } from '../../../test/support/marbles';

describe('fromReadable, of a readable of Node', () => {
  it('emits its chunks, and completes', async () => {
    const seen: unknown[] = [];
    await dl.fromReadable(Readable.from(['a', 'b', 'c'])).forEach((chunk) => seen.push(chunk));
    expect(seen).toEqual(['a', 'b', 'c']);
  });

  it('destroys it when it is left', async () => {
    const readable = Readable.from(['a', 'b', 'c']);
    await dl
      .fromReadable(readable)
      .pipe(take(1))
      .forEach(() => undefined);
    await settle();
    expect(readable.destroyed).toBeTrue();
  });

  it('makes its error a notification', async () => {
    const readable = new Readable({ read: () => readable.destroy(new Error('no such file')) });
    await expectAsync(dl.fromReadable(readable).forEach(() => undefined)).toBeRejectedWithError(
      'no such file',
    );
  });
});

import { lastValueFrom, of } from 'rxjs';
import { far } from '../../test/support/far-side';

describe('a thread of Node', () => {
  it('that exits before its stream has ended is an error', async () => {
    const stream = of(1).pipe(far('exits', { name: 'trainer' }));
    await expectAsync(lastValueFrom(stream)).toBeRejectedWithError(
      "inWorker: the worker 'trainer' exited with code 3 before its stream had ended",
    );
  });
});

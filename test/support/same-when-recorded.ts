import { recorded } from 'rxtensor/programs';
import * as dl from 'rxtensor/tensor';
import { expectExact } from './close';
import { toTensor, type ReferenceLike } from './reference';

/** Calls a function as often as it takes to replay it, and expects what the function itself gives. */
export function expectSameWhenRecorded(
  f: (...args: dl.Tensor[]) => dl.Tensor,
  args: readonly ReferenceLike[],
): void {
  const replaying = recorded(f);
  for (let call = 0; call < 4; call++) {
    dl.tidy(() => {
      const given = args.map((x) => dl.mul(toTensor(x), 1 + call / 8));
      const wanted = f(...given);
      expectExact(replaying(...given), {
        shape: wanted.shape,
        values: Array.from(wanted.dataSync()),
      });
    });
  }
  replaying.dispose();
}

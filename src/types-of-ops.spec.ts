// What the compiler knows of the rank of every op's result stands with its description in test/support/ops, by functions that take the
// op: one that forgets the rank does not compile. Calls, and what comes out of them, are in types.spec.ts.
import * as dl from 'rxtensor';
import { opNames } from '../test/support/op-names';
import { descriptions } from '../test/support/ops';
import { gives, keepsRank } from '../test/support/ops/result-rank';

describe('the types of ops', () => {
  it('are looked at for every op', () => {
    expect(opNames.filter((name) => !descriptions[name]?.rank)).toEqual([]);
  });

  it('could be wrong: a result of any rank is none of rank 2', () => {
    // @ts-expect-error: the rank of a norm is not known
    const norm = keepsRank(dl.norm);
    // @ts-expect-error: neither is it 3 where it is 2
    const eye = gives<dl.Tensor3D>(dl.eye);
    expect([norm, eye].every((each) => each.length > 0)).toBeTrue();
  });
});

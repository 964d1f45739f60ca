import * as dl from 'rxtensor/tensor';
import { at, build, sample, toTensor, type Reference } from '../../../test/support/reference';
import { expectClose, expectExact } from '../../../test/support/close';

/** The definition, in float64: the sum over all letters that the result does not have. */
function defined(equation: string, operands: readonly Reference[]): Reference {
  const [left, right] = equation.replace(/ /g, '').split('->') as [string, string];
  const terms = left.split(',');
  const extents = new Map<string, number>();
  terms.forEach((term, i) =>
    Array.from(term).forEach((label, axis) =>
      extents.set(label, Math.max(extents.get(label) ?? 0, operands[i]!.shape[axis]!)),
    ),
  );
  const summed = [...extents.keys()].filter((label) => !right.includes(label));
  // An extent of 1 is repeated.
  const indexIn = (x: Reference, letters: readonly string[], places: ReadonlyMap<string, number>): number[] =>
    letters.map((label, axis) => (x.shape[axis] === 1 ? 0 : places.get(label)!));
  const shape = Array.from(right).map((label) => extents.get(label)!);
  return build(shape, (index) => {
    const places = new Map<string, number>();
    for (const [axis, label] of Array.from(right).entries()) {
      if (places.has(label) && places.get(label) !== index[axis]) return 0;
      places.set(label, index[axis]!);
    }
    const walk = (depth: number): number => {
      if (depth === summed.length) {
        return operands.reduce(
          (product, x, i) => product * at(x, indexIn(x, Array.from(terms[i]!), places)),
          1,
        );
      }
      let total = 0;
      for (let k = 0; k < extents.get(summed[depth]!)!; k++) {
        places.set(summed[depth]!, k);
        total += walk(depth + 1);
      }
      return total;
    };
    return walk(0);
  });
}

/** Every letter has one extent in all of the cases. */
const extent: Readonly<Record<string, number>> = { a: 2, b: 3, i: 3, j: 4, k: 2, l: 5, m: 1 };

function operandsOf(equation: string): Reference[] {
  const [left] = equation.replace(/ /g, '').split('->') as [string];
  return left.split(',').map((term, n) =>
    sample(
      Array.from(term).map((label) => extent[label]!),
      n + 1,
    ),
  );
}

const cases: Readonly<Record<string, readonly string[]>> = {
  'of one operand': ['ij->ij', 'ij->ji', 'ij->i', 'ij->', 'ijk->ki', '->'],
  'of two': ['ij,jk->ik', 'i,i->', 'i,j->ij', 'i,j->ji', 'ij,ij->ij', 'ij,ij->', 'ij,kj->ik', 'ji,jk->ki'],
  'of batches': ['aij,ajk->aik', 'abij,abjk->baik', 'bi,bi->b', 'aij,jk->aik', 'ai,bi->ab', 'aij,bjk->aibk'],
  'that sum over letters of one operand alone': ['ij,k->', 'ij,kl->il', 'ij,ik->k', 'im,mj->ij'],
  'of many': ['ij,jk,kl->il', 'i,j,k->ijk', 'ij,ij,ij->j', 'ab,bi,ij,jk->ak', 'i,i,i,i->', 'ij,,jk->ik'],
  'of diagonals': ['ii->', 'ii->i', 'iji->j', 'iii->i', 'iijj->ij', 'ii,ij->j', 'iki,kj->ji'],
  'that make diagonals': ['i->ii', 'ij->iji', 'ij->jii', 'ij->iijj', 'i->iii', 'ij,jk->kki'],
};

describe('einsum', () => {
  for (const [what, equations] of Object.entries(cases)) {
    it(`computes sums ${what}`, () => {
      for (const equation of equations) {
        dl.tidy(() => {
          const operands = operandsOf(equation);
          const found = dl.einsum(equation, ...operands.map((x) => toTensor(x)));
          expectClose(found, defined(equation, operands), { cpu: 1e-5, webgl: 1e-4 }, equation);
        });
      }
    });
  }

  // An ellipsis, the operands' shapes, and the same with a letter for each of its axes.
  for (const [equation, shapes, spelled] of [
    [
      '...ij,jk->...ik',
      [
        [2, 5, 3, 4],
        [4, 2],
      ],
      'ABij,jk->ABik',
    ],
    [
      '...ij,...jk->...ik',
      [
        [2, 3, 4],
        [2, 4, 2],
      ],
      'Aij,Ajk->Aik',
    ],
    [
      '...ij,...jk->...ik',
      [
        [5, 1, 3, 4],
        [2, 4, 2],
      ],
      'ABij,Bjk->ABik',
    ],
    [
      'i...,i...->...',
      [
        [3, 2, 4],
        [3, 1, 4],
      ],
      'iAB,iAB->AB',
    ],
    ['i...j->j...i', [[2, 3, 4, 5]], 'iABj->jABi'],
    ['...->...', [[2, 3]], 'AB->AB'],
    ['...,...->...', [[2, 1], [3]], 'AB,B->AB'],
    ['...i,...i->...', [[3], [3]], 'i,i->'],
    ['ii...->i...', [[3, 3, 2]], 'iiA->iA'],
    ['...i->...ii', [[2, 3]], 'Ai->Aii'],
    ['...i,...j,...k->...ijk', [[2, 3], [1, 2], [2]], 'Ai,Aj,k->Aijk'],
    [
      'ab...,b...c->...ac',
      [
        [2, 3, 4],
        [3, 4, 2],
      ],
      'abA,bAc->Aac',
    ],
  ] as [string, number[][], string][]) {
    it(`broadcasts the axes of an ellipsis: ${equation} of ${shapes.map((shape) => `[${shape}]`).join(' and ')}`, () => {
      dl.tidy(() => {
        const operands = shapes.map((shape, i) => sample(shape, i + 1));
        const found = dl.einsum(equation, ...operands.map((x) => toTensor(x)));
        expectClose(found, defined(spelled, operands), { cpu: 1e-5, webgl: 1e-4 });
      });
    });
  }

  it('makes the result of an equation without one as NumPy does', () => {
    dl.tidy(() => {
      for (const [equation, shapes, spelled] of [
        [
          'ij,jk',
          [
            [2, 3],
            [3, 4],
          ],
          'ij,jk->ik',
        ],
        ['ba', [[2, 3]], 'ba->ab'],
        ['ii', [[3, 3]], 'ii->'],
        ['i,i', [[3], [3]], 'i,i->'],
        ['bA', [[2, 3]], 'bA->Ab'],
        [
          '...ij,...jk',
          [
            [2, 3, 4],
            [4, 2],
          ],
          'Zij,jk->Zik',
        ],
        ['i...', [[2, 3]], 'iZ->Zi'],
      ] as [string, number[][], string][]) {
        const operands = shapes.map((shape, i) => sample(shape, i + 1));
        const found = dl.einsum(equation, ...operands.map((x) => toTensor(x)));
        expectClose(found, defined(spelled, operands), { cpu: 1e-5, webgl: 1e-4 }, equation);
      }
    });
  });

  it('broadcasts empty axes', () => {
    dl.tidy(() => {
      expect(dl.einsum('...i,...i->...', dl.zeros([0, 3]), dl.ones([1, 3])).shape as number[]).toEqual([0]);
      expect(dl.einsum('...i->...i', dl.zeros([2, 0, 3])).shape as number[]).toEqual([2, 0, 3]);
    });
  });

  it('keeps int32 exact, and counts bools', () => {
    dl.tidy(() => {
      const large = dl.tensor2d(
        [
          [16777217, 1],
          [2, 3],
        ],
        [2, 2],
        'int32',
      );
      const product = dl.einsum(
        'ij,jk->ik',
        large,
        dl.tensor2d(
          [
            [1, 0],
            [0, 1],
          ],
          [2, 2],
          'int32',
        ),
      );
      expect(product.dtype).toBe('int32');
      expectExact(product, [
        [16777217, 1],
        [2, 3],
      ]);
      expectExact(dl.einsum('i->', dl.tensor1d([true, true, false])), { shape: [], values: [2] });
      expect(dl.einsum('i,i->i', dl.tensor1d([1, 2], 'int32'), [0.5, 0.5]).dtype).toBe('float32');
    });
  });

  it('takes empty tensors and spaces', () => {
    dl.tidy(() => {
      expectExact(dl.einsum(' ij , jk -> ik ', dl.zeros([2, 0]), dl.zeros([0, 3])), [
        [0, 0, 0],
        [0, 0, 0],
      ]);
      expect(dl.einsum('ii->i', dl.zeros([0, 0])).shape as number[]).toEqual([0]);
      expect(dl.einsum('i->ii', dl.zeros([0])).shape as number[]).toEqual([0, 0]);
      expect(dl.einsum('ij,ik->ijk', dl.zeros([2, 0]), dl.ones([2, 2])).shape as number[]).toEqual([2, 0, 2]);
    });
  });

  it('does not multiply what is off a diagonal', () => {
    dl.tidy(() => {
      expectExact(
        dl.einsum('ii->', [
          [1, NaN],
          [Infinity, 2],
        ]),
        { shape: [], values: [3] },
      );
      expectExact(dl.einsum('i->ii', [NaN, 2]), [
        [NaN, 0],
        [0, 2],
      ]);
    });
  });

  it('contracts in an order that keeps products small', () => {
    dl.tidy(() => {
      // From the left the first product would have 512 · 512 · 512 elements.
      const [x, y, z] = [dl.ones([512, 1]), dl.ones([512, 512]), dl.ones([512])];
      expectExact(dl.einsum('ia,jk,k->ia', x, y, z).sum(), { shape: [], values: [512 ** 3] });
    });
  });

  it('names what is wrong', () => {
    const matrix = dl.ones([2, 3]);
    const wrong =
      (equation: string, ...tensors: dl.TensorInput[]): (() => void) =>
      () =>
        void dl.einsum(equation, ...tensors);
    expect(wrong('i1', matrix)).toThrowError(/einsum: argument 'equation' is 'i1'; wanted letters/);
    expect(wrong('i->j->k', matrix)).toThrowError(/argument 'equation' is 'i->j->k'/);
    expect(wrong('i...j...->ij', matrix)).toThrowError(/with at most one '...' in each/);
    expect(wrong('i..j->ij', matrix)).toThrowError(/argument 'equation' is 'i..j->ij'; wanted letters/);
    expect(wrong('...ijk->...', matrix)).toThrowError(/has rank 2 \(shape \[2,3\]\); wanted rank 3 or more/);
    expect(wrong('...i,...i->...', matrix, Array<number[]>(4).fill([1, 1, 1]))).toThrowError(
      /argument 'tensors\[1\]' has extent 4 \(shape \[4,3\]\) along '...'; wanted 1 or 2, the extent of the same letter elsewhere/,
    );
    expect(wrong('ij,jk->ik', matrix)).toThrowError(/with 2 operands; wanted 1, one for each tensor/);
    expect(wrong('ij->ik', matrix)).toThrowError(
      /whose result has a letter 'k'; wanted letters that an operand has/,
    );
    expect(wrong('ijk->i', matrix)).toThrowError(
      /einsum: argument 'tensors\[0\]' has rank 2 \(shape \[2,3\]\); wanted rank 3, for 'ijk'/,
    );
    expect(wrong('ij,ij->', matrix, [[1, 2]])).toThrowError(
      /argument 'tensors\[1\]' has extent 2 \(shape \[1,2\]\) along 'j'; wanted 1 or 3, the extent of the same letter elsewhere/,
    );
    expect(wrong('ii->', matrix)).toThrowError(/has extent 3 .* along 'i'; wanted 1 or 2/);
    expect(wrong('i->', 'x' as never)).toThrowError(/einsum: argument 'tensors\[0\]' is a string/);
    expect(() => dl.einsum('->')).toThrowError(
      /einsum: arguments 'equation' and 'tensors' are '->' and 0 tensors/,
    );
    matrix.dispose();
  });
});

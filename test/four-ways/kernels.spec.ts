// Every kernel in all ways in which the library computes (plain TypeScript, SIMD, relaxed SIMD, WebGL, WebGPU), with extreme values and odd
// shapes that fast-check draws. A row for each is in ./rows.
import { activeBackend } from '../../src/kernels';
import { testRun } from '../support/test-run';
import type { FillingKernel, Row } from './case';
import { compareOn, compareWays } from './comparison';
import { checkDraws } from './draws';
import { rows } from './rows';
import { backendOf } from './ways';

/** Kernels are where ways differ: an op is made of them. */
const TIMES = 3;

describe('in all ways alike, of kernels', () => {
  it('where there are such ways', () => {
    expect(backendOf('plain')).not.toBeNull();
    expect(backendOf('simd')).not.toBeNull();
  });

  for (const kernel of Object.keys(rows).sort() as FillingKernel[]) {
    const row = rows[kernel] as Row<FillingKernel>;
    it(`${kernel} computes`, () => checkDraws(row.cases, (drawn) => compareWays(kernel, row, drawn), TIMES));
  }
});

/** `custom` needs the values on the host at once. */
const missingOnWebGPU: readonly FillingKernel[] = ['custom'];

/** In a run on WebGPU, which other browsers and machines may not have. */
if (testRun().backend === 'webgpu') {
  describe('on WebGPU as in plain TypeScript, of kernels', () => {
    for (const kernel of Object.keys(rows).sort() as FillingKernel[]) {
      if (missingOnWebGPU.includes(kernel)) continue;
      const row = rows[kernel] as Row<FillingKernel>;
      it(`${kernel} computes`, () =>
        checkDraws(row.cases, (drawn) => compareOn(activeBackend(), kernel, row, drawn), TIMES));
    }
  });
}

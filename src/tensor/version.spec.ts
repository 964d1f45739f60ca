import * as dl from 'rxtensor/tensor';
import manifest from '../../package.json';

describe('version', () => {
  it('is that of the package', () => {
    expect(dl.version).toBe(manifest.version);
  });
});

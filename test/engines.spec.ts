// `npm ci` warns of nothing on the oldest Node that is named in package.json: no package of the lock file excludes it.
import { readFileSync } from 'node:fs';
import { minVersion, satisfies } from 'semver';

interface Manifest {
  readonly engines?: { readonly node?: string };
  /** npm leaves out an optional package that does not fit, and says nothing. */
  readonly optional?: boolean;
}

function json<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}

describe('the oldest Node', () => {
  const { engines } = json<Manifest>('package.json');
  const oldest = minVersion(engines?.node ?? '')?.version ?? '';

  it('is named in package.json and in the README', () => {
    expect(oldest).toMatch(/^\d+\.\d+\.\d+$/);
    const [major, minor] = oldest.split('.');
    expect(readFileSync('README.md', 'utf8')).toContain(`Node ${major}.${minor}`);
  });

  it('suits every package that is installed', () => {
    const { packages } = json<{ packages: Readonly<Record<string, Manifest>> }>('package-lock.json');
    const unsuited = Object.entries(packages).flatMap(([name, { engines: wanted, optional }]) =>
      optional === true || wanted?.node === undefined || satisfies(oldest, wanted.node)
        ? []
        : [`${name}: ${wanted.node}`],
    );
    expect(unsuited).toEqual([]);
  });
});

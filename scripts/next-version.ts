// `npm run api:version`: compares the API reports with those of the last release (the newest tag v*), and fails if the version in package.json
// promises more than the changes allow. `npm publish` runs it first.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { inc, lt, major } from 'semver';
import { changesBetween, leastBump, type ApiChanges, type Bump } from './api-changes';
import { entries } from './entries.js';
import { stabilityOf } from './stability';

const folder = 'etc';
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

/** @returns nothing where git has no answer: there is no tag, or no such file then */
function git(...args: readonly string[]): string | undefined {
  try {
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return undefined;
  }
}

// The commit of a release has its own tag already.
const own = git('tag', '--points-at', 'HEAD')?.split('\n') ?? [];
const from = own.includes(`v${version}`) ? 'HEAD^' : 'HEAD';
const tag = git('describe', '--tags', '--abbrev=0', '--match', 'v[0-9]*', from)?.trim();
if (tag === undefined) {
  console.log(`No release is tagged: ${version} will be the first.`);
} else {
  const last = tag.slice(1);
  const bumps = reportNames(tag).map((file) => bumpOf(file, tag, last));
  const bump = (['major', 'minor', 'patch'] as const).find((each) => bumps.includes(each)) ?? 'patch';
  const least = inc(last, bump)!;
  console.log(`${tag} → at least ${least} (${bump}); package.json says ${version}.`);
  // Between releases, package.json has the version of the last one.
  if (version !== last && lt(version, least)) {
    console.error(`Wanted a version of ${least} or later: npm version ${bump}`);
    process.exitCode = 1;
  }
}

/** The reports of then and of now. */
function reportNames(then: string): string[] {
  const old = git('ls-tree', '--name-only', `${then}:${folder}`)?.split('\n') ?? [];
  return [...new Set([...old, ...readdirSync(folder)])].filter((file) => file.endsWith('.api.md'));
}

function bumpOf(file: string, then: string, last: string): Bump {
  const before = git('show', `${then}:${folder}/${file}`) ?? '';
  const now = readdirSync(folder).includes(file) ? readFileSync(`${folder}/${file}`, 'utf8') : '';
  const changes = changesBetween(before, now);
  const name = file === 'rxtensor.api.md' ? 'index' : file.slice(0, -'.api.md'.length);
  const entry = entries.find((each) => each.name === name);
  show(file, changes);
  return leastBump(changes, entry !== undefined && stabilityOf(entry) === 'experimental', major(last) === 0);
}

function show(file: string, changes: ApiChanges): void {
  for (const what of ['removed', 'changed', 'added'] as const)
    if (changes[what].length > 0) console.log(`${file}: ${what}: ${changes[what].join(', ')}`);
}

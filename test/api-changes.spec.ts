import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { changesBetween, declarationsIn, leastBump } from '../scripts/api-changes';
import { entries } from '../scripts/entries.js';
import { stabilityOf } from '../scripts/stability';

const report = (...declarations: readonly string[]): string =>
  `## API Report File\n\n\`\`\`ts\n\n${declarations.map((each) => `// @public\n${each}`).join('\n\n')}\n\n\`\`\`\n`;

const options = 'export interface Options {\n    readonly size: number;\n}';

describe('The changes of an API', () => {
  it('finds every declaration of a real report', async () => {
    const text = await readFile('etc/rxtensor.api.md', 'utf8');
    const exported = text.match(/^export \w+/gm)!.length;
    expect([...declarationsIn(text).values()].flat().length).toBe(exported);
  });

  it('names what was removed, changed and added', () => {
    const before = report('export const abs: UnaryOp;', 'export function one(): void;', options);
    const now = report('export const abs: BinaryOp;', options, 'export class Two {\n}');
    expect(changesBetween(before, now)).toEqual({ removed: ['one'], changed: ['abs'], added: ['Two'] });
    expect(changesBetween(before, before)).toEqual({ removed: [], changed: [], added: [] });
  });

  it('takes what no program can miss as an addition', () => {
    const wider = options.replace('\n}', '\n    readonly more?: string;\n}');
    expect(changesBetween(report(options), report(wider)).added).toEqual(['Options']);
    const demanding = options.replace('\n}', '\n    readonly more: string;\n}');
    expect(changesBetween(report(options), report(demanding)).changed).toEqual(['Options']);
    const model = 'export class Model {\n    run(): void;\n}';
    const grown = model.replace('\n}', '\n    stop(): void;\n}');
    expect(changesBetween(report(model), report(grown)).added).toEqual(['Model']);
    const once = 'export function zeros(shape: number[]): Tensor;';
    const overloaded = report(once, 'export function zeros(shape: Shape): Tensor;');
    expect(changesBetween(report(once), overloaded).added).toEqual(['zeros']);
    expect(changesBetween(overloaded, report(once)).changed).toEqual(['zeros']);
  });

  it('decides the step of the version', () => {
    const none = { removed: [], changed: [], added: [] };
    const adds = { ...none, added: ['one'] };
    const breaks = { ...none, removed: ['one'] };
    expect([none, adds, breaks].map((each) => leastBump(each, false, false))).toEqual([
      'patch',
      'minor',
      'major',
    ]);
    expect([none, adds, breaks].map((each) => leastBump(each, true, false))).toEqual([
      'patch',
      'minor',
      'minor',
    ]);
    expect([none, adds, breaks].map((each) => leastBump(each, false, true))).toEqual([
      'patch',
      'patch',
      'minor',
    ]);
  });

  it('knows how stable each entry is', () => {
    const stable = entries.filter((entry) => stabilityOf(entry) === 'stable').map(({ name }) => name);
    expect(stable).toContain('index');
    expect(entries.length - stable.length).toBeGreaterThan(2);
  });

  for (const [file, list] of [
    ['README.md', /^Experimental entries .*?\./ms],
    ['CHANGELOG.md', /^- Experimental: .*?\n(?! {2})/ms],
  ] as const) {
    it(`lists those that are experimental in ${file}`, async () => {
      const [text = ''] = list.exec(await readFile(file, 'utf8')) ?? [];
      const listed = [...text.matchAll(/`rxtensor\/([\w-]+)`/g)].map(([, name = '']) => name);
      const experimental = entries.filter((entry) => stabilityOf(entry) === 'experimental');
      expect(listed.sort()).toEqual(experimental.map(({ name }) => name).sort());
    });
  }
});

describe('the guide of an experimental entry', () => {
  for (const { name } of entries.filter((entry) => stabilityOf(entry) === 'experimental'))
    it(`of rxtensor/${name} says what it is`, async () => {
      const files = (await readdir('docs')).filter((file) => file.endsWith('.md'));
      const pages = await Promise.all(files.map((file) => readFile(join('docs', file), 'utf8')));
      const says = (page: string): boolean =>
        page
          .split('\n## ')
          .some((section) => section.includes(`rxtensor/${name}`) && /\bexperimental\b/.test(section));
      expect(pages.some(says)).toBeTrue();
    });
});

describe('npm run api:version', () => {
  let folder: string;
  const run = (file: string, ...args: readonly string[]): string =>
    execFileSync(file, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const git = (...args: readonly string[]): string =>
    run('git', '-c', 'user.name=spec', '-c', 'user.email=spec@example.org', ...args);
  const version = (): string => run(process.execPath, '--import', 'tsx', 'scripts/next-version.ts');
  const reportFile = (): string => join(folder, 'etc/rxtensor.api.md');

  async function setVersion(text: string): Promise<void> {
    const manifest = JSON.parse(await readFile('package.json', 'utf8')) as object;
    await writeFile(join(folder, 'package.json'), JSON.stringify({ ...manifest, version: text }));
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rxtensor-version-'));
    await cp('scripts', join(folder, 'scripts'), { recursive: true });
    await symlink(resolve('node_modules'), join(folder, 'node_modules'));
    for (const { source } of entries) {
      await mkdir(join(folder, source, '..'), { recursive: true });
      await cp(source, join(folder, source));
    }
    await mkdir(join(folder, 'etc'));
    await writeFile(reportFile(), report(options, 'export function one(): void;'));
    await setVersion('1.2.0');
    git('init', '--quiet');
    git('add', 'etc');
    git('commit', '--quiet', '--message', 'A release');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('goes by the last tag, and refuses a version that promises too much', async () => {
    expect(version()).toContain('No release is tagged: 1.2.0 will be the first.');
    git('tag', 'v1.2.0');
    // The commit of the first release.
    expect(version()).toContain('No release is tagged: 1.2.0 will be the first.');
    git('commit', '--quiet', '--allow-empty', '--message', 'After it');
    expect(version()).toContain('v1.2.0 → at least 1.2.1 (patch); package.json says 1.2.0.');
    await writeFile(reportFile(), report(options));
    expect(version()).toContain('rxtensor.api.md: removed: one\nv1.2.0 → at least 2.0.0 (major)');
    await setVersion('1.3.0');
    expect(version).toThrowError(/Wanted a version of 2\.0\.0 or later: npm version major/);
    await setVersion('2.0.0');
    expect(version()).toContain('package.json says 2.0.0.');
    git('commit', '--quiet', '--all', '--message', 'The next release');
    git('tag', 'v2.0.0');
    expect(version()).toContain('v1.2.0 → at least 2.0.0 (major); package.json says 2.0.0.');
  });
});

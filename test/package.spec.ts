// What is in the tarball, and which of its files an entry loads.
import { readFile, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { installedPackage } from './support/installed-package';

describe('the package, installed from its tarball', () => {
  let project: string;

  beforeAll(async () => {
    project = await installedPackage();
  });

  it('holds the built library, its licence and its documents, and no source or specs', async () => {
    const files = await readdir(join(project, 'node_modules/rxtensor'), { recursive: true });
    expect(files).toContain('LICENSE');
    expect(files).toContain('README.md');
    expect(files).toContain(join('dist', 'index.d.ts'));
    expect(files).toContain(join('dist', 'rxtensor.min.js'));
    expect(files).toContain(join('dist', 'rxtensor.js'));
    expect(files.filter((file) => /\bspecs?\b|^src|\.cache/.test(file))).toEqual([]);
  });

  it('holds its shaders without their indentation', async () => {
    const code = await readFile(join(project, 'node_modules/rxtensor/dist/chunks/tensor.js'), 'utf8');
    expect(code).toMatch(/^float [a-z_]+\(/m);
    expect(code).not.toMatch(/^\s+(float|int|bool|[iu]?vec[234]) \w/m);
  });

  /** The files that an entry loads, itself too. */
  async function loadedBy(entry: string): Promise<string[]> {
    const reached = new Set<string>();
    const follow = async (file: string): Promise<void> => {
      if (reached.has(file)) return;
      reached.add(file);
      const code = await readFile(join(project, 'node_modules/rxtensor/dist', file), 'utf8');
      const imports = [...code.matchAll(/^(?:import|export) .*?'(\.[^']+)';$/gm)];
      for (const [, path = ''] of imports) await follow(join(dirname(file), path));
    };
    await follow(entry);
    return [...reached].map((file) => file.replaceAll('\\', '/')).sort();
  }

  it('has a root that loads no other entry', async () => {
    const chunks = ['chunks/streams.js', 'chunks/tensor.js', 'chunks/wasm.js', 'chunks/webgl.js'];
    expect(await loadedBy('index.js')).toEqual([...chunks, 'index.js']);
  });

  it('has an entry for small pages that is the root without WebGL', async () => {
    const chunks = ['chunks/streams.js', 'chunks/tensor.js', 'chunks/wasm.js'];
    expect(await loadedBy('cpu.js')).toEqual([...chunks, 'cpu.js']);
  });

  it('has an entry for pages that loads no engine', async () => {
    expect(await loadedBy('page.js')).toEqual(['page.js']);
  });
});

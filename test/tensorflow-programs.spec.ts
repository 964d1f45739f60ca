// Programs written for TensorFlow.js, each run twice: with TensorFlow.js, and with its import changed to rxtensor.
import { readdirSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import ts from 'typescript';

const FOLDER = 'test/tensorflow-programs';
const TENSORFLOW = '@tensorflow/tfjs-core';
const programs = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
  .map((file) => basename(file, '.ts'));

interface Program {
  readonly run: () => Promise<number[]>;
}

/** What a program's import is changed to, and what has to be imported beside it. */
const libraries = {
  TensorFlow: {
    alias: {},
    beside: [
      `${TENSORFLOW}/dist/register_all_gradients`,
      `${TENSORFLOW}/dist/public/chained_ops/register_all_chained_ops`,
      '@tensorflow/tfjs-backend-cpu',
    ],
  },
  rxtensor: { alias: { [TENSORFLOW]: resolve('src/index.ts') }, beside: [] },
} as const;

async function load(name: string, library: keyof typeof libraries): Promise<Program> {
  const { alias, beside } = libraries[library];
  const outfile = resolve(`.cache/tensorflow-programs/${name}-${library}.mjs`);
  await build({
    stdin: {
      contents: [
        ...beside.map((each) => `import '${each}';`),
        `export { run } from './${FOLDER}/${name}.ts';`,
      ].join('\n'),
      resolveDir: process.cwd(),
    },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    logLevel: 'warning',
    ignoreAnnotations: true,
    alias,
    // The gradients of TensorFlow.js are ES modules that Node takes for CommonJS: they have to be bundled.
    mainFields: ['module', 'main'],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return (await import(pathToFileURL(outfile).href)) as Program;
}

describe('a program written for TensorFlow.js', () => {
  beforeAll(() => {
    // It advises users of Node to install another package.
    spyOn(console, 'log');
    spyOn(console, 'warn');
  });

  for (const name of programs) {
    it(`gives the same numbers with its import changed: ${name}`, async () => {
      const theirs = await load(name, 'TensorFlow');
      const wanted = await theirs.run();
      const ours = await load(name, 'rxtensor');
      const found = await ours.run();
      expect(found.length).toBe(wanted.length);
      expect(wanted.length).toBeGreaterThan(10);
      const wrong = wanted.flatMap((value, i) =>
        Math.abs(found[i]! - value) <= 1e-4 * (1 + Math.abs(value))
          ? []
          : [`[${i}] ${found[i]} for ${value}`],
      );
      expect(wrong).toEqual([]);
    });
  }

  for (const library of ['TensorFlow', 'rxtensor'] as const) {
    it(`is accepted by the compiler, with ${library}`, () => {
      expect(complaints(library)).toEqual([]);
    });
  }
});

/** What the compiler says of the programs, when they import that library. */
function complaints(library: keyof typeof libraries): string[] {
  const { config } = ts.readConfigFile(`${FOLDER}/tsconfig.json`, (path) => ts.sys.readFile(path)) as {
    config: object;
  };
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, resolve(FOLDER));
  const paths = { ...options.paths, ...(library === 'rxtensor' && { [TENSORFLOW]: ['./src/index.ts'] }) };
  expect(fileNames.length).toBeGreaterThan(programs.length);
  const wanted = fileNames.filter((file) => library === 'TensorFlow' || !file.endsWith('.d.ts'));
  const program = ts.createProgram(wanted, { ...options, paths });
  return wanted.flatMap((name) => {
    const file = program.getSourceFile(name);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      ({ messageText, start = 0 }) => {
        const line = (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1;
        return `${basename(name)}:${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
      },
    );
  });
}

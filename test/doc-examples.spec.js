// Every example in a doc comment or a page of the documentation is a program: it compiles, runs, and throws nothing.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { config } from 'rxjs';
import ts from 'typescript';
const FOLDER = '.cache/doc-examples';
const FENCE = /^([ \t]*(?:\* ?)?)```ts( browser)?\s*\n([\s\S]*?)^\1```/gm;
function examplesIn(file) {
    const text = readFileSync(file, 'utf8');
    return [...text.matchAll(FENCE)].map((match) => {
        const [, margin = '', browser, body = ''] = match;
        const code = body
            .split('\n')
            .map((line) => (line.startsWith(margin) ? line.slice(margin.length) : line.replace(/^[ \t]*\* ?/, '')))
            .join('\n');
        const line = text.slice(0, match.index).split('\n').length;
        return { place: `${file}:${line}`, code, needsPage: browser !== undefined };
    });
}
function filesBelow(folder, ending) {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .map((file) => join(folder, file))
        .filter((file) => ending.test(file) && !file.endsWith('.spec.ts'))
        .sort();
}
const all = [...filesBelow('src', /\.ts$/), ...filesBelow('docs', /\.md$/), 'README.md'].flatMap(examplesIn);
const sources = all.map((_, i) => join(FOLDER, `example-${i}.ts`));
describe('the examples in the documentation', () => {
    beforeAll(async () => {
        rmSync(FOLDER, { recursive: true, force: true });
        mkdirSync(FOLDER, { recursive: true });
        all.forEach(({ code }, i) => writeFileSync(sources[i], `${code}\nexport {};\n`));
        await build({
            entryPoints: sources,
            outdir: join(FOLDER, 'built'),
            bundle: true,
            splitting: true,
            format: 'esm',
            outExtension: { '.js': '.mjs' },
            platform: 'node',
            target: 'es2022',
            packages: 'external',
            logLevel: 'error',
        });
    }, 60_000);
    it('are there', () => {
        expect(all.length).toBeGreaterThan(20);
    });
    it('compile under strict', () => {
        const { config: read } = ts.readConfigFile('tsconfig.json', ts.sys.readFile.bind(ts.sys));
        const { options } = ts.convertCompilerOptionsFromJson(read.compilerOptions, process.cwd());
        const program = ts.createProgram(sources.map((source) => resolve(source)), { ...options, noEmit: true });
        const problems = ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
            const index = file ? sources.findIndex((source) => file.fileName.endsWith(source)) : -1;
            const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
            const place = index < 0 ? (file?.fileName ?? '') : `${all[index].place} (line ${line} of the example)`;
            return `${place}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
        });
        expect(problems).toEqual([]);
    }, 60_000);
    all.forEach(({ place, needsPage }, i) => {
        if (needsPage)
            return;
        it(`run: ${place}`, async () => {
            const failures = [];
            const before = config.onUnhandledError;
            config.onUnhandledError = (error) => failures.push(error);
            spyOn(console, 'log');
            try {
                await import(pathToFileURL(resolve(FOLDER, 'built', `example-${i}.mjs`)).href);
                // A stream goes on when the module has been evaluated.
                await new Promise((done) => setTimeout(done, 40));
            }
            finally {
                config.onUnhandledError = before;
            }
            expect(failures).toEqual([]);
        }, 20_000);
    });
});

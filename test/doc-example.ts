/** The programs in the documentation: where they stand, and what they say. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface DocExample {
  /** Where it stands, as `file:line`. */
  readonly place: string;
  readonly code: string;
  /** Written ```ts browser: it needs a page (a canvas, a camera). */
  readonly needsPage: boolean;
  /** Written ```ts nats: it needs a NATS server, at the address in the variable NATS_URL. */
  readonly needsServer: boolean;
  /** Written ```ts NAME.js: the file of a worker, which a page of the same guide loads by this name. */
  readonly workerFile: string | null;
}

const FENCE = /^([ \t]*(?:\* ?)?)```ts(?: (browser|nats|[\w-]+\.js))?[ \t]*\n([\s\S]*?)^\1```/gm;

function examplesIn(file: string): DocExample[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(FENCE)].map((match) => {
    const [, margin = '', kind, body = ''] = match;
    const code = body
      .split('\n')
      .map((line) => (line.startsWith(margin) ? line.slice(margin.length) : line.replace(/^[ \t]*\* ?/, '')))
      .join('\n');
    const line = text.slice(0, match.index).split('\n').length;
    const needsPage = kind === 'browser';
    const needsServer = kind === 'nats';
    const workerFile = needsPage || needsServer ? null : (kind ?? null);
    return { place: `${file}:${line}`, code, needsPage, needsServer, workerFile };
  });
}

function filesBelow(folder: string, ending: RegExp): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file))
    .filter((file) => ending.test(file) && !file.endsWith('.spec.ts'))
    .sort();
}

/** Those of the guides in docs/, of the README, and of the site's front page. */
export function guideExamples(): DocExample[] {
  return [...filesBelow('docs', /\.md$/), 'README.md', 'site/index.md'].flatMap(examplesIn);
}

/** Those of the doc comments. */
export function commentExamples(): DocExample[] {
  return filesBelow('src', /\.ts$/).flatMap(examplesIn);
}

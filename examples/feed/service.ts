import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Observable } from 'rxjs';
import type { PipelineFrame } from 'rxtensor/inspector';
import type { Learner } from './learner';
import { FEATURES } from './sensor';

/** What the page is told of a batch. */
export interface Point {
  readonly step: number;
  /** The loss of the batch, in which half of the rows are replayed. */
  readonly loss: number;
  /** The mean absolute error of its new rows, before they were learnt; and the mean of that over time. */
  readonly error: number;
  readonly mean: number;
  readonly isDrift: boolean;
  /** How many drifts were seen since the learner began, with those of runs before this one. */
  readonly drifts: number;
}

/** Points that a page gets when it opens. */
const REMEMBERED = 600;
/** Bytes that wait for a page to read them. */
const MOST_UNREAD = 1_000_000;
const folder = join(import.meta.dirname, 'page');

/**
 * Serves the page, its events, and predictions:
 *
 * - `GET /`: the page
 * - `GET /events`: server-sent events `point` and `frame`
 * - `POST /predict` with `{"x": [0.1, 0.2, 0.3, 0.4]}`: `{"y": 0.3, "rows": 1200}`, by the newest good model
 * - `GET /state`: how far the learner has come
 */
export async function serve(
  learner: Learner,
  points: Observable<Point>,
  frames: Observable<PipelineFrame>,
  port: number,
): Promise<Server> {
  const bundled = await build({
    entryPoints: [join(folder, 'main.ts'), join(folder, 'main.css')],
    bundle: true,
    format: 'esm',
    write: false,
    outdir: folder,
    minify: true,
    logLevel: 'silent',
  });
  const files = new Map(bundled.outputFiles.map(({ path, text }) => [path.slice(folder.length), text]));
  files.set('/', await readFile(join(folder, 'index.html'), 'utf8'));
  const listeners = new Set<ServerResponse>();
  const newest: Point[] = [];
  const tell = (event: string, data: unknown): void => {
    for (const each of listeners) {
      // A page that does not read, as one that sleeps, is left; when it wakes up, it connects again.
      if (each.writableLength > MOST_UNREAD) each.destroy();
      else each.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    }
  };
  points.subscribe((point) => {
    newest.push(point);
    if (newest.length > REMEMBERED) newest.shift();
    tell('point', point);
  });
  frames.subscribe((frame) => tell('frame', frame));
  learner.answers.subscribe();

  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0]!;
    if (path === '/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      for (const point of newest) response.write(`event: point\ndata: ${JSON.stringify(point)}\n\n`);
      listeners.add(response);
      request.on('close', () => listeners.delete(response));
    } else if (path === '/predict' && request.method === 'POST') {
      void predicted(learner, request, response);
    } else if (path === '/state') answer(response, 200, learner.progress());
    else if (files.has(path)) {
      response.writeHead(200, {
        'content-type': TYPES[/\.\w+$/.exec(path)?.[0] ?? ''] ?? 'text/html; charset=utf-8',
      });
      response.end(files.get(path));
    } else response.writeHead(404).end();
  });
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)));
}

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

function answer(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

async function predicted(
  learner: Learner,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let x: number[];
  try {
    x = numbersIn(await bodyOf(request));
  } catch (error) {
    answer(response, 400, { error: String(error) });
    return;
  }
  try {
    answer(response, 200, { y: await learner.predict(x), rows: learner.progress().rows });
  } catch (error) {
    answer(response, 503, { error: String(error) });
  }
}

/** The most bytes of a request. */
const MOST_BYTES = 10_000;

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  // The connection stays open for the answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    body += String(chunk);
    if (body.length > MOST_BYTES) throw new Error(`the request has more than ${MOST_BYTES} bytes`);
  }
  return body;
}

function numbersIn(body: string): number[] {
  const { x } = Object(JSON.parse(body)) as { x?: unknown };
  const isNumber = (each: unknown): boolean => typeof each === 'number' && Number.isFinite(Math.fround(each));
  if (Array.isArray(x) && x.length === FEATURES && x.every(isNumber)) return x as number[];
  throw new Error(`x is ${JSON.stringify(x)}; wanted ${FEATURES} numbers`);
}

import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as dl from 'rxtensor';
import { Subject } from 'rxjs';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A service that is running. */
export interface Service {
  readonly address: string;
  readonly stop: () => Promise<void>;
}

/** A request's body is not read past this. */
const LONGEST_BODY = 1_000_000;

/**
 * Starts a service that learns a line: `POST /points` with `[{"x": 1, "y": 3}, …]` teaches it, and `GET /line?x=2` asks it.
 *
 * @param port 0 for any that is free
 */
export async function startService(port = 0): Promise<Service> {
  const slope = dl.variable(0);
  const offset = dl.variable(0);
  const adam = dl.train.adam(0.1);
  const points$ = new Subject<Point>();
  let loss: number | null = null;

  // It learns beside the requests: from 32 points, or from those that have come in the last 50 ms.
  const training = points$
    .pipe(
      dl.batch(32, { maxWait: 50 }),
      dl.trainStep(adam, ({ x, y }) => dl.losses.meanSquaredError(y, x.mul(slope).add(offset))),
      dl.download(),
    )
    .subscribe((now) => (loss = now));

  const server = createServer((request, response) => {
    answer(request).then(
      ([status, body]) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });

  async function answer(request: IncomingMessage): Promise<[status: number, body: unknown]> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://service');
    if (request.method === 'POST' && pathname === '/points') {
      const points = pointsIn(await bodyOf(request));
      if (points === null) return [400, { error: 'wanted [{"x": number, "y": number}, …]' }];
      for (const point of points) points$.next(point);
      return [202, { accepted: points.length }];
    }
    const x = Number(searchParams.get('x') ?? NaN);
    if (request.method === 'GET' && pathname === '/line' && Number.isFinite(x)) {
      const y = dl.tidy(() => slope.mul(x).add(offset).dataSync()[0]);
      return [200, { y, loss, steps: adam.iterations }];
    }
    return [404, { error: 'wanted POST /points or GET /line?x=2' }];
  }

  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      await new Promise((resolve) => server.close(resolve));
      training.unsubscribe();
      dl.dispose([slope, offset]);
      adam.dispose();
    },
  };
}

/** The text of a request's body; null if it is too long. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  let text = '';
  for await (const piece of request.setEncoding('utf8')) {
    text += piece as string;
    if (text.length > LONGEST_BODY) return null;
  }
  return text;
}

/** The points that a JSON text lists; null if it lists anything else. */
function pointsIn(text: string | null): readonly Point[] | null {
  try {
    const list: unknown = JSON.parse(text ?? '');
    const isPoint = (value: unknown): value is Point =>
      Number.isFinite((value as Point | null)?.x) && Number.isFinite((value as Point | null)?.y);
    return Array.isArray(list) && list.every(isPoint) ? list : null;
  } catch {
    return null;
  }
}

/** A page that joins a run of other programs, over a WebSocket. */
import { wsconnect } from '@nats-io/nats-core';
import { lastValueFrom } from 'rxjs';
import { memory } from 'rxtensor';
import { dataParallel } from 'rxtensor/nats';
import { beginLine, lineSteps } from './line';

export interface PageResult {
  readonly slope: number;
  readonly steps: number;
  /** The members that the page has seen together. */
  readonly seen: readonly (readonly string[])[];
  readonly leftTensors: number;
}

export async function main({
  url,
  run,
}: {
  readonly url: string;
  readonly run: string;
}): Promise<PageResult> {
  const connection = await wsconnect({ servers: url, noEcho: true });
  const before = memory().numTensors;
  const line = beginLine();
  const peers = dataParallel(connection, run, { size: 2, name: 'page' });
  const seen: (readonly string[])[] = [];
  const watching = peers.members$.subscribe((members) => seen.push(members));
  await lastValueFrom(lineSteps(line, peers));
  watching.unsubscribe();
  const [slope] = await line.slope.data();
  const steps = line.optimizer.iterations;
  line.dispose();
  const leftTensors = memory().numTensors - before;
  await connection.close();
  return { slope: slope!, steps, seen, leftTensors };
}

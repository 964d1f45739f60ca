import { readMnist } from '../../examples/mnist-terminal/digits';
import { startNatsServer } from '../../scripts/nats-server';
import { startMember } from './member-process';
import { accumulatedHashes, shardedHashes } from './reference';
import { usualJob } from './job';
const { train } = await readMnist(undefined, 3000);
const server = await startNatsServer();
try {
  for (const [model, n] of JSON.parse(process.argv[2]!)) {
    const job = {
      ...usualJob,
      model,
      steps: 12,
      batch: 64,
      hashes: true,
      limit: 3000,
      url: server.url,
      size: n,
      run: `t-${model}-${n}`,
    } as any;
    const t = Date.now();
    const ms = await Promise.all(Array.from({ length: n }, (_, i) => startMember({ ...job, name: `m${i}` })));
    const done = await Promise.all(ms.map((m) => m.done));
    console.log(model, n, 'took', Date.now() - t, done[0]);
    const ref = await shardedHashes(train, job, () => n);
    const acc = model === 'masked' ? null : await accumulatedHashes(train, job, n);
    for (const m of ms)
      console.log(
        m.name,
        m.steps.length,
        m.steps.every((s, i) => s.hash === ref[i]),
        acc && m.steps.every((s, i) => s.hash === acc[i]),
        m.steps
          .slice(0, 3)
          .map((s) => s.hash)
          .join(),
      );
    console.log('ref', ref.slice(0, 3).join(), acc?.slice(0, 3).join());
  }
} finally {
  await server.stop();
}

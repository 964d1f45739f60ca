/** One instance of a served model, in a process of its own: `instance.ts URL MODEL MAX_BATCH`. It tells its parent when it serves. */
import { connect } from '@nats-io/transport-node';
import * as dl from 'rxtensor';
import { serveModel } from 'rxtensor/nats';
import { models } from './models';

const [url, name = '', maxBatch] = process.argv.slice(2);
dl.setBackend('cpu');
const connection = await connect({ servers: url });
await serveModel(connection, name, models[name]!().model, { maxBatch: Number(maxBatch), maxWait: 1 });
process.send?.('serving');

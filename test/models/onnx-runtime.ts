/** ONNX Runtime, on WebAssembly with one thread. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ElementName } from '../support/onnx-files';
import { installModels } from './packages';

interface RuntimeTensor {
  readonly dims: readonly number[];
  readonly data: ArrayLike<number | bigint>;
}

interface Runtime {
  readonly env: { readonly wasm: { numThreads: number }; logLevel: string };
  readonly Tensor: new (type: string, values: unknown, shape: readonly number[]) => RuntimeTensor;
  readonly InferenceSession: {
    readonly create: (bytes: Uint8Array, options: object) => Promise<Session>;
  };
}

interface Session {
  readonly inputNames: readonly string[];
  readonly run: (
    feeds: Readonly<Record<string, RuntimeTensor>>,
  ) => Promise<Readonly<Record<string, RuntimeTensor>>>;
  readonly release: () => Promise<void>;
}

/** The values of a tensor as numbers. */
export interface OnnxValue {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

export interface OnnxFeed {
  readonly type: ElementName;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

const arrays: Readonly<Partial<Record<ElementName, (values: readonly number[]) => unknown>>> = {
  float: (values) => Float32Array.from(values),
  double: (values) => Float64Array.from(values),
  int32: (values) => Int32Array.from(values),
  int64: (values) => BigInt64Array.from(values, BigInt),
  uint8: (values) => Uint8Array.from(values),
  int8: (values) => Int8Array.from(values),
  bool: (values) => Uint8Array.from(values),
};
const names: Readonly<Partial<Record<ElementName, string>>> = { float: 'float32', double: 'float64' };

function runtime(): Runtime {
  installModels();
  const ort = createRequire(join(process.cwd(), 'test/models/packages.ts'))('onnxruntime-web') as Runtime;
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'fatal';
  return ort;
}

/** A model that the runtime has loaded, with its inputs. */
export interface OnnxSession {
  readonly run: () => Promise<Readonly<Record<string, RuntimeTensor>>>;
  readonly release: () => Promise<void>;
}

/** Loads a model into the runtime. @throws (rejects) where the runtime refuses it */
export async function onnxSession(
  bytes: Uint8Array,
  feeds: readonly (readonly [string, OnnxFeed])[],
): Promise<OnnxSession> {
  const ort = runtime();
  const session = await ort.InferenceSession.create(bytes, {
    executionProviders: ['wasm'],
    logSeverityLevel: 4,
  });
  const inputs = Object.fromEntries(
    feeds.map(([name, { type, shape, values }]) => [
      name,
      new ort.Tensor(names[type] ?? type, arrays[type]!(values), shape),
    ]),
  );
  return { run: () => session.run(inputs), release: () => session.release() };
}

/** What a model gives for these inputs, by output; null if the runtime refuses it. */
export async function runOnnx(
  bytes: Uint8Array,
  feeds: readonly (readonly [string, OnnxFeed])[],
): Promise<Map<string, OnnxValue> | null> {
  let session: OnnxSession | undefined;
  try {
    session = await onnxSession(bytes, feeds);
    return new Map(
      Object.entries(await session.run()).map(([name, { dims, data }]) => [
        name,
        { shape: [...dims], values: Array.from(data, Number) },
      ]),
    );
  } catch {
    return null;
  } finally {
    await session?.release();
  }
}

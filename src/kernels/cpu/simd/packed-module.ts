import { INFLATE_MODULE, type InflateExports } from './inflate.wasm';

/**
 * A module of WebAssembly as scripts/build-wasm.ts writes it: compressed by DEFLATE (RFC 1951), in base64. A program that contains it so is a
 * third smaller when it is sent, since gzip finds little in base64 of bytes that are not compressed.
 */
export interface PackedModule {
  /** The number of its bytes. */
  readonly size: number;
  readonly deflated: string;
}

/** What `inflate` needs for its tables, and the bytes behind the source that it may look at. */
const SCRATCH = 132_000;
const PAGE = 65_536;

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** It is compiled once. Its instances and their memories are not kept, since nobody needs them later. */
let inflating: WebAssembly.Module | undefined;

/** A packed module does not unpack to what was packed: somebody changed the program after it was built. */
class DamagedModuleError extends Error {}

/**
 * The bytes of a module, synchronously: `DecompressionStream` would have to be awaited. WebAssembly does it in 2 ms, where JavaScript that runs for
 * the first time takes 20.
 *
 * @throws where the engine refuses WebAssembly, and when there are not as many bytes as were packed
 */
export function unpackModule({ size, deflated }: PackedModule): Uint8Array<ArrayBuffer> {
  const source = bytesOf(deflated);
  const scratch = source.length + size;
  const memory = new WebAssembly.Memory({ initial: Math.ceil((scratch + SCRATCH) / PAGE) });
  inflating ??= new WebAssembly.Module(bytesOf(INFLATE_MODULE));
  const { exports } = new WebAssembly.Instance(inflating, { env: { memory } });
  const bytes = new Uint8Array(memory.buffer);
  bytes.set(source);
  const length = (exports as unknown as InflateExports).inflate(0, source.length, scratch);
  if (length !== size)
    throw new DamagedModuleError(
      `rxtensor: a part of its WebAssembly unpacks to ${length} bytes; wanted ${size}. The files of the library were changed after they were built: install it again`,
    );
  return bytes.slice(source.length, scratch);
}

/**
 * The exports of a module over `memory`, or null where the engine refuses the module: it lacks the instructions, a policy
 * forbids WebAssembly, or it compiles modules of this size only asynchronously (Chrome before 2023, on the main thread).
 *
 * @throws when the module is damaged
 */
export function instantiate(packed: PackedModule, memory: WebAssembly.Memory): WebAssembly.Exports | null {
  try {
    const module = new WebAssembly.Module(unpackModule(packed));
    return new WebAssembly.Instance(module, { env: { memory, sin: Math.sin, cos: Math.cos } }).exports;
  } catch (error) {
    if (error instanceof DamagedModuleError) throw error;
    return null;
  }
}

/** The options of MediaPipe's own operators: a C structure, or a map in the form of FlexBuffers (https://flatbuffers.dev/flexbuffers). */
import type { AttributeValue } from '../../graph/graph';

type Options = readonly (readonly [name: string, value: AttributeValue])[];
type ReadOptions = (bytes: Uint8Array) => Options;

/** The 32-bit integers of a structure. */
const structure =
  (...names: readonly string[]): ReadOptions =>
  (bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return names.flatMap((name, i) =>
      4 * i + 4 <= bytes.length ? [[name, view.getInt32(4 * i, true)] as const] : [],
    );
  };

const readers: Readonly<Record<string, ReadOptions>> = /* @__PURE__ */ (() => ({
  'custom Convolution2DTransposeBias': structure('padding', 'stride_w', 'stride_h'),
  'custom Landmarks2TransformMatrix': flexible,
  'custom TransformTensorBilinear': flexible,
}))();

export function customOptions(op: string, bytes: Uint8Array): Options {
  return Object.hasOwn(readers, op) && bytes.length > 0 ? readers[op]!(bytes) : [];
}

const INT = 1;
const FLOAT = 3;
const MAP = 9;
const INT_VECTOR = 11;

/** Numbers in FlexBuffers have 1, 2, 4 or 8 bytes; what a type holds, and the width of it, is in a byte of its own. */
interface Reference {
  readonly at: number;
  readonly width: number;
  readonly type: number;
}

/** The numbers and the vectors of integers in a map; none if it is damaged. The root is at the end: its value, its type, and its width. */
function flexible(bytes: Uint8Array): Options {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const unsigned = (at: number, width: number): number =>
    width === 1
      ? view.getUint8(at)
      : width === 2
        ? view.getUint16(at, true)
        : width === 4
          ? view.getUint32(at, true)
          : Number(view.getBigUint64(at, true));
  const signed = (at: number, width: number): number =>
    Number(BigInt.asIntN(8 * width, BigInt(unsigned(at, width))));
  const float = (at: number, width: number): number =>
    width === 4 ? view.getFloat32(at, true) : view.getFloat64(at, true);
  /** An offset leads back. */
  const follow = (at: number, width: number): number => at - unsigned(at, width);
  const valueOf = ({ at, width, type }: Reference): AttributeValue | undefined => {
    const kind = type >> 2;
    const inner = 1 << (type & 3);
    if (kind === INT || kind === 2) return signed(at, width);
    if (kind === FLOAT) return float(at, width);
    if (kind !== INT_VECTOR && kind !== INT_VECTOR + 1) return undefined;
    const start = follow(at, width);
    const length = unsigned(start - inner, inner);
    if (length > bytes.length) throw new RangeError();
    return Array.from({ length }, (_, i) => signed(start + i * inner, inner));
  };
  try {
    const end = bytes.length;
    const width = bytes[end - 1]!;
    if (bytes[end - 2]! >> 2 !== MAP) return [];
    const inner = 1 << (bytes[end - 2]! & 3);
    const start = follow(end - 2 - width, width);
    const length = unsigned(start - inner, inner);
    const keys = follow(start - 3 * inner, inner);
    const keyWidth = unsigned(start - 2 * inner, inner);
    if (length > bytes.length) throw new RangeError();
    return Array.from({ length }, (_, i) => {
      const key = follow(keys + i * keyWidth, keyWidth);
      const name = new TextDecoder().decode(bytes.subarray(key, bytes.indexOf(0, key)));
      const value = valueOf({
        at: start + i * inner,
        width: inner,
        type: view.getUint8(start + length * inner + i),
      });
      return value === undefined ? null : ([name, value] as const);
    }).filter((option) => option !== null);
  } catch {
    // What it holds is missing then, and its operator says so.
    return [];
  }
}

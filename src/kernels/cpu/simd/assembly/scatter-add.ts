import { loadSome, storeSome } from './lanes';

/** y[k] += x[k] for `length` floats. */
@inline
function addRun(x: usize, y: usize, length: i32): void {
  for (; length >= 4; length -= 4) {
    v128.store(y, f32x4.add(v128.load(y), v128.load(x)));
    x += 16;
    y += 16;
  }
  if (length) storeSome(y, f32x4.add(loadSome(y, length), loadSome(x, length)), length);
}

/** [outer, count, inner] added up by index → [outer, extent, inner]; an index outside adds nothing. */
export function scatterAdd(x: usize, indices: usize, y: usize, outer: i32, extent: i32, count: i32, inner: i32): void {
  const bytes = <usize>inner << 2;
  memory.fill(y, 0, <usize>(outer * extent) * bytes);
  for (let i = 0; i < outer; i++) {
    for (let j = 0; j < count; j++) {
      const index = load<u32>(indices + (j << 2));
      if (index < <u32>extent) addRun(x, y + <usize>index * bytes, inner);
      x += bytes;
    }
    y += <usize>extent * bytes;
  }
}

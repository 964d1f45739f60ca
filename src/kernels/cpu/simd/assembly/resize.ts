import { addCompensated } from './compensated';
import { loadSome, loadUpTo, storeSome, storeUpTo } from './lanes';
import { multiplyAdd } from './multiply-add';

/*
 * Resizing NHWC images. The rows and the columns of the resized image have a table of neighbours each: the byte offsets of the
 * first neighbours, then those of the second ones, then the weights of the second ones. Where such a weight is 0, the second
 * neighbour is not read, so that it may be infinite.
 */

/** Blends two runs of `length` floats. */
@inline
function blendTwo(a: usize, b: usize, weight: f32, y: usize, length: i32): void {
  const w = f32x4.splat(weight), rest = f32x4.splat(1 - weight);
  let at: usize = 0;
  for (; length >= 4; length -= 4) {
    v128.store(y + at, multiplyAdd(v128.load(b + at), w, f32x4.mul(v128.load(a + at), rest)));
    at += 16;
  }
  if (length) storeSome(y + at, multiplyAdd(loadSome(b + at, length), w, f32x4.mul(loadSome(a + at, length), rest)), length);
}

/** Blends four runs of `length` floats, each with its own weight. */
@inline
function blendFour(a: usize, b: usize, c: usize, d: usize, across: f32, down: f32, y: usize, length: i32): void {
  const wa = f32x4.splat((1 - across) * (1 - down)), wb = f32x4.splat(across * (1 - down));
  const wc = f32x4.splat((1 - across) * down), wd = f32x4.splat(across * down);
  let at: usize = 0;
  for (; length >= 4; length -= 4) {
    const top = multiplyAdd(v128.load(b + at), wb, f32x4.mul(v128.load(a + at), wa));
    const bottom = multiplyAdd(v128.load(d + at), wd, f32x4.mul(v128.load(c + at), wc));
    v128.store(y + at, f32x4.add(top, bottom));
    at += 16;
  }
  if (!length) return;
  const top = multiplyAdd(loadSome(b + at, length), wb, f32x4.mul(loadSome(a + at, length), wa));
  const bottom = multiplyAdd(loadSome(d + at, length), wd, f32x4.mul(loadSome(c + at, length), wc));
  storeSome(y + at, f32x4.add(top, bottom), length);
}

@inline
function copyOne(a: usize, y: usize, length: i32): void {
  let at: usize = 0;
  for (; length >= 4; length -= 4) {
    v128.store(y + at, v128.load(a + at));
    at += 16;
  }
  if (length) storeSome(y + at, loadSome(a + at, length), length);
}

/** Computes one output row from two image rows. */
function blendRow(
  upper: usize, lower: usize, down: f32, columns: usize, outWidth: i32, channels: i32, y: usize,
): void {
  const bytes = <usize>channels << 2;
  const second = columns + (<usize>outWidth << 2), weights = columns + (<usize>outWidth << 3);
  const d = f32x4.splat(down), dRest = f32x4.splat(1 - down);
  for (let column = 0; column < outWidth; column++) {
    const at = <usize>column << 2;
    const left = load<usize>(columns + at), right = load<usize>(second + at);
    const across = load<f32>(weights + at);
    if (down == 0) {
      if (across == 0) copyOne(upper + left, y, channels);
      else blendTwo(upper + left, upper + right, across, y, channels);
    } else if (across == 0) {
      blendTwo(upper + left, lower + left, down, y, channels);
    } else {
      blendFour(upper + left, upper + right, lower + left, lower + right, across, down, y, channels);
    }
    y += bytes;
  }
}

/** Computes every pixel of y from its neighbours. Where all weights are 0, it is the nearest pixel of x. */
export function resize(
  x: usize, y: usize, batch: i32, imageBytes: usize, channels: i32, rows: usize, outHeight: i32, columns: usize, outWidth: i32,
): void {
  const outRow = <usize>(outWidth * channels) << 2;
  for (let image = 0; image < batch; image++) {
    for (let row = 0; row < outHeight; row++) {
      const at = rows + (<usize>row << 2);
      const upper = load<usize>(at), lower = load<usize>(at + (<usize>outHeight << 2));
      blendRow(x + upper, x + lower, load<f32>(at + (<usize>outHeight << 3)), columns, outWidth, channels, y);
      y += outRow;
    }
    x += imageBytes;
  }
}

/** to += dy · weight. Where `toLost` is not 0, what rounding takes from `to` is kept `toLost` bytes behind it. */
@inline
function addScaled(dy: usize, weight: f32, to: usize, length: i32, toLost: usize): void {
  if (weight == 0) return;
  const w = f32x4.splat(weight);
  for (let at: usize = 0; length > 0; length -= 4) {
    const gradient = loadUpTo(dy + at, length);
    if (toLost) addCompensated(f32x4.mul(gradient, w), to + at, to + at + toLost, length);
    else storeUpTo(to + at, multiplyAdd(gradient, w, loadUpTo(to + at, length)), length);
    at += 16;
  }
}

/**
 * Adds every dy to the neighbours of its pixel, by their weights. Where an element of dx is a sum of many terms, `lost` is room for
 * what rounding takes from dx; elsewhere it is 0.
 */
export function resizeGradient(
  dy: usize, dx: usize, batch: i32, imageBytes: usize, channels: i32, rows: usize, dyHeight: i32, columns: usize, dyWidth: i32, lost: usize,
): void {
  memory.fill(dx, 0, <usize>batch * imageBytes);
  if (lost) memory.fill(lost, 0, <usize>batch * imageBytes);
  const toLost: usize = lost ? lost - dx : 0;
  const second = columns + (<usize>dyWidth << 2), weights = columns + (<usize>dyWidth << 3);
  for (let image = 0; image < batch; image++) {
    for (let row = 0; row < dyHeight; row++) {
      const at = rows + (<usize>row << 2);
      const upper = dx + load<usize>(at), lower = dx + load<usize>(at + (<usize>dyHeight << 2));
      const down = load<f32>(at + (<usize>dyHeight << 3));
      for (let column = 0; column < dyWidth; column++) {
        const entry = <usize>column << 2;
        const left = load<usize>(columns + entry), right = load<usize>(second + entry);
        const across = load<f32>(weights + entry);
        addScaled(dy, (1 - down) * (1 - across), upper + left, channels, toLost);
        addScaled(dy, (1 - down) * across, upper + right, channels, toLost);
        addScaled(dy, down * (1 - across), lower + left, channels, toLost);
        addScaled(dy, down * across, lower + right, channels, toLost);
        dy += <usize>channels << 2;
      }
    }
    dx += imageBytes;
  }
}

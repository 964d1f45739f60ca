/*
 * Fourier transforms of four rows at once, one in each lane. An element is a complex vector: the four real parts, then the four imaginary parts. So all
 * butterflies are of whole vectors, whatever the length, and no lane is shuffled but when rows are read and written.
 *
 * The passes are Stockham's (Cochran et al., "What is the fast Fourier transform?", IEEE Trans. Audio 15, 1967): they put elements in order as they go. With
 * n = radix·m in this pass, and s elements that go together, element q + s·(p + m·k) is the kth of the butterfly at p, and its results lie at
 * q + s·(radix·p + r), times exp(−2πi·pr/n). `roots` has exp(−2πij/length) for all j, as pairs.
 */
const ELEMENT: usize = 32;

// @ts-expect-error: decorator
@inline
function re(at: usize): v128 {
  return v128.load(at);
}
// @ts-expect-error: decorator
@inline
function im(at: usize): v128 {
  return v128.load(at, 16);
}
// @ts-expect-error: decorator
@inline
function put(at: usize, real: v128, imaginary: v128): void {
  v128.store(at, real);
  v128.store(at, imaginary, 16);
}
// @ts-expect-error: decorator
@inline
function putTimes(at: usize, real: v128, imaginary: v128, wr: v128, wi: v128): void {
  put(
    at,
    f32x4.sub(f32x4.mul(real, wr), f32x4.mul(imaginary, wi)),
    f32x4.add(f32x4.mul(real, wi), f32x4.mul(imaginary, wr)),
  );
}
// @ts-expect-error: decorator
@inline
function root(roots: usize, index: i32): usize {
  return roots + (<usize>index << 3);
}

export function pass2(x: usize, y: usize, m: i32, s: i32, roots: usize): void {
  const far = <usize>(m * s) * ELEMENT;
  const row = <usize>s * ELEMENT;
  for (let p = 0; p < m; p++) {
    const w = root(roots, p * s);
    const wr = v128.load32_splat(w);
    const wi = v128.load32_splat(w, 4);
    for (const end = x + row; x < end; x += ELEMENT) {
      const ar = re(x), ai = im(x), br = re(x + far), bi = im(x + far);
      put(y, f32x4.add(ar, br), f32x4.add(ai, bi));
      putTimes(y + row, f32x4.sub(ar, br), f32x4.sub(ai, bi), wr, wi);
      y += ELEMENT;
    }
    y += row;
  }
}

export function pass3(x: usize, y: usize, m: i32, s: i32, roots: usize): void {
  const far = <usize>(m * s) * ELEMENT;
  const row = <usize>s * ELEMENT;
  const half = f32x4.splat(0.5);
  const sine = f32x4.splat(0.8660254037844386);
  for (let p = 0; p < m; p++) {
    const w1 = root(roots, p * s), w2 = root(roots, 2 * p * s);
    const w1r = v128.load32_splat(w1), w1i = v128.load32_splat(w1, 4);
    const w2r = v128.load32_splat(w2), w2i = v128.load32_splat(w2, 4);
    for (const end = x + row; x < end; x += ELEMENT) {
      const ar = re(x), ai = im(x), br = re(x + far), bi = im(x + far), cr = re(x + 2 * far), ci = im(x + 2 * far);
      const sr = f32x4.add(br, cr), si = f32x4.add(bi, ci);
      const tr = f32x4.sub(ar, f32x4.mul(half, sr)), ti = f32x4.sub(ai, f32x4.mul(half, si));
      const ur = f32x4.mul(sine, f32x4.sub(bi, ci)), ui = f32x4.mul(sine, f32x4.sub(cr, br));
      put(y, f32x4.add(ar, sr), f32x4.add(ai, si));
      putTimes(y + row, f32x4.add(tr, ur), f32x4.add(ti, ui), w1r, w1i);
      putTimes(y + 2 * row, f32x4.sub(tr, ur), f32x4.sub(ti, ui), w2r, w2i);
      y += ELEMENT;
    }
    y += 2 * row;
  }
}

export function pass4(x: usize, y: usize, m: i32, s: i32, roots: usize): void {
  const far = <usize>(m * s) * ELEMENT;
  const row = <usize>s * ELEMENT;
  for (let p = 0; p < m; p++) {
    const w1 = root(roots, p * s), w2 = root(roots, 2 * p * s), w3 = root(roots, 3 * p * s);
    const w1r = v128.load32_splat(w1), w1i = v128.load32_splat(w1, 4);
    const w2r = v128.load32_splat(w2), w2i = v128.load32_splat(w2, 4);
    const w3r = v128.load32_splat(w3), w3i = v128.load32_splat(w3, 4);
    for (const end = x + row; x < end; x += ELEMENT) {
      const ar = re(x), ai = im(x), br = re(x + far), bi = im(x + far);
      const cr = re(x + 2 * far), ci = im(x + 2 * far), dr = re(x + 3 * far), di = im(x + 3 * far);
      const er = f32x4.add(ar, cr), ei = f32x4.add(ai, ci), fr = f32x4.sub(ar, cr), fi = f32x4.sub(ai, ci);
      const gr = f32x4.add(br, dr), gi = f32x4.add(bi, di), hr = f32x4.sub(bi, di), hi = f32x4.sub(dr, br);
      put(y, f32x4.add(er, gr), f32x4.add(ei, gi));
      putTimes(y + row, f32x4.add(fr, hr), f32x4.add(fi, hi), w1r, w1i);
      putTimes(y + 2 * row, f32x4.sub(er, gr), f32x4.sub(ei, gi), w2r, w2i);
      putTimes(y + 3 * row, f32x4.sub(fr, hr), f32x4.sub(fi, hi), w3r, w3i);
      y += ELEMENT;
    }
    y += 3 * row;
  }
}

export function pass5(x: usize, y: usize, m: i32, s: i32, roots: usize): void {
  const far = <usize>(m * s) * ELEMENT;
  const row = <usize>s * ELEMENT;
  const c1 = f32x4.splat(0.30901699437494745), s1 = f32x4.splat(0.9510565162951535);
  const c2 = f32x4.splat(-0.8090169943749475), s2 = f32x4.splat(0.5877852522924731);
  for (let p = 0; p < m; p++) {
    const w1 = root(roots, p * s), w2 = root(roots, 2 * p * s), w3 = root(roots, 3 * p * s), w4 = root(roots, 4 * p * s);
    for (const end = x + row; x < end; x += ELEMENT) {
      const ar = re(x), ai = im(x), br = re(x + far), bi = im(x + far);
      const cr = re(x + 2 * far), ci = im(x + 2 * far), dr = re(x + 3 * far), di = im(x + 3 * far);
      const er = re(x + 4 * far), ei = im(x + 4 * far);
      const br_ = f32x4.add(br, er), bi_ = f32x4.add(bi, ei), er_ = f32x4.sub(br, er), ei_ = f32x4.sub(bi, ei);
      const cr_ = f32x4.add(cr, dr), ci_ = f32x4.add(ci, di), dr_ = f32x4.sub(cr, dr), di_ = f32x4.sub(ci, di);
      put(y, f32x4.add(ar, f32x4.add(br_, cr_)), f32x4.add(ai, f32x4.add(bi_, ci_)));
      const pr = f32x4.add(ar, f32x4.add(f32x4.mul(c1, br_), f32x4.mul(c2, cr_)));
      const pi = f32x4.add(ai, f32x4.add(f32x4.mul(c1, bi_), f32x4.mul(c2, ci_)));
      const qr = f32x4.add(f32x4.mul(s1, ei_), f32x4.mul(s2, di_));
      const qi = f32x4.add(f32x4.mul(s1, er_), f32x4.mul(s2, dr_));
      putTimes(y + row, f32x4.add(pr, qr), f32x4.sub(pi, qi), v128.load32_splat(w1), v128.load32_splat(w1, 4));
      putTimes(y + 4 * row, f32x4.sub(pr, qr), f32x4.add(pi, qi), v128.load32_splat(w4), v128.load32_splat(w4, 4));
      const tr = f32x4.add(ar, f32x4.add(f32x4.mul(c2, br_), f32x4.mul(c1, cr_)));
      const ti = f32x4.add(ai, f32x4.add(f32x4.mul(c2, bi_), f32x4.mul(c1, ci_)));
      const ur = f32x4.sub(f32x4.mul(s2, ei_), f32x4.mul(s1, di_));
      const ui = f32x4.sub(f32x4.mul(s2, er_), f32x4.mul(s1, dr_));
      putTimes(y + 2 * row, f32x4.add(tr, ur), f32x4.sub(ti, ui), v128.load32_splat(w2), v128.load32_splat(w2, 4));
      putTimes(y + 3 * row, f32x4.sub(tr, ur), f32x4.add(ti, ui), v128.load32_splat(w3), v128.load32_splat(w3, 4));
      y += ELEMENT;
    }
    y += 4 * row;
  }
}

/** Reads `length` pairs of each of four rows. `first` is where the real parts go: 0, or 16 to swap the two, which turns a transform into its inverse. */
export function readPairs(x0: usize, x1: usize, x2: usize, x3: usize, y: usize, length: i32, first: usize): void {
  for (let j = 0; j < length; j++) {
    const a = v128.load64_zero(x0), b = v128.load64_zero(x1), c = v128.load64_zero(x2), d = v128.load64_zero(x3);
    const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5), cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
    v128.store(y + first, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
    v128.store(y + (first ^ 16), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
    x0 += 8;
    x1 += 8;
    x2 += 8;
    x3 += 8;
    y += ELEMENT;
  }
}

/** Reads `length` real values of each of four rows; the imaginary parts are 0. */
export function readReals(x0: usize, x1: usize, x2: usize, x3: usize, y: usize, length: i32): void {
  for (let j = 0; j < length; j++) {
    let v = v128.load32_zero(x0);
    v = v128.load32_lane(x1, v, 1);
    v = v128.load32_lane(x2, v, 2);
    v = v128.load32_lane(x3, v, 3);
    put(y, v, f32x4.splat(0));
    x0 += 4;
    x1 += 4;
    x2 += 4;
    x3 += 4;
    y += ELEMENT;
  }
}

/** Writes `length` pairs, times `scale`, to `count` of four rows. */
export function writePairs(x: usize, y0: usize, y1: usize, y2: usize, y3: usize, count: i32, length: i32, first: usize, scale: f32): void {
  const factor = f32x4.splat(scale);
  for (let j = 0; j < length; j++) {
    const real = f32x4.mul(factor, v128.load(x + first)), imaginary = f32x4.mul(factor, v128.load(x + (first ^ 16)));
    const low = v128.shuffle<f32>(real, imaginary, 0, 4, 1, 5), high = v128.shuffle<f32>(real, imaginary, 2, 6, 3, 7);
    v128.store64_lane(y0, low, 0);
    if (count > 1) v128.store64_lane(y1, low, 1);
    if (count > 2) v128.store64_lane(y2, high, 0);
    if (count > 3) v128.store64_lane(y3, high, 1);
    x += ELEMENT;
    y0 += 8;
    y1 += 8;
    y2 += 8;
    y3 += 8;
  }
}

/** Writes the real parts (at `first`), times `scale`. */
export function writeReals(x: usize, y0: usize, y1: usize, y2: usize, y3: usize, count: i32, length: i32, first: usize, scale: f32): void {
  const factor = f32x4.splat(scale);
  for (let j = 0; j < length; j++) {
    const real = f32x4.mul(factor, v128.load(x + first));
    v128.store32_lane(y0, real, 0);
    if (count > 1) v128.store32_lane(y1, real, 1);
    if (count > 2) v128.store32_lane(y2, real, 2);
    if (count > 3) v128.store32_lane(y3, real, 3);
    x += ELEMENT;
    y0 += 4;
    y1 += 4;
    y2 += 4;
    y3 += 4;
  }
}

/**
 * The spectrum of 2m real values from that of m pairs of them: x[k] = (z[k] + z̄[m − k])/2 − (i/2)·w[k]·(z[k] − z̄[m − k]) for k from 0 to m, where z[m] is
 * z[0]; those between are multiplied by `middle`. `roots` are those of 2m.
 */
export function untangle(z: usize, y: usize, m: i32, roots: usize, middle: f32): void {
  for (let k = 0; k <= m; k++) {
    const a = z + <usize>(k == m ? 0 : k) * ELEMENT, b = z + <usize>(k == 0 ? 0 : m - k) * ELEMENT;
    const factor = f32x4.splat(k == 0 || k == m ? 0.5 : 0.5 * middle);
    const sr = f32x4.add(re(a), re(b)), si = f32x4.sub(im(a), im(b));
    const dr = f32x4.sub(re(a), re(b)), di = f32x4.add(im(a), im(b));
    const w = root(roots, k), wr = v128.load32_splat(w), wi = v128.load32_splat(w, 4);
    // −i·w·d
    const tr = f32x4.add(f32x4.mul(wr, di), f32x4.mul(wi, dr));
    const ti = f32x4.sub(f32x4.mul(wi, di), f32x4.mul(wr, dr));
    put(y, f32x4.mul(factor, f32x4.add(sr, tr)), f32x4.mul(factor, f32x4.add(si, ti)));
    y += ELEMENT;
  }
}

/**
 * The inverse: z[k] = (x[k] + x̄[m − k]) + i·w̄[k]·(x[k] − x̄[m − k]), times half of `middle`; the imaginary parts of x[0] and x[m] do not count.
 * Real and imaginary parts of z are swapped, for the inverse transform.
 */
export function tangle(x: usize, z: usize, m: i32, roots: usize, middle: f32): void {
  const none = f32x4.splat(0);
  const factor = f32x4.splat(0.5 * middle);
  for (let k = 0; k < m; k++) {
    const a = x + <usize>k * ELEMENT, b = x + <usize>(m - k) * ELEMENT;
    const isEdge = k == 0;
    const ai = isEdge ? none : im(a), bi = isEdge ? none : im(b);
    const f = isEdge ? f32x4.splat(1) : factor;
    const sr = f32x4.add(re(a), re(b)), si = f32x4.sub(ai, bi);
    const dr = f32x4.sub(re(a), re(b)), di = f32x4.add(ai, bi);
    const w = root(roots, k), wr = v128.load32_splat(w), wi = v128.load32_splat(w, 4);
    // i·w̄·d
    const tr = f32x4.sub(f32x4.mul(wi, dr), f32x4.mul(wr, di));
    const ti = f32x4.add(f32x4.mul(wr, dr), f32x4.mul(wi, di));
    put(z, f32x4.mul(f, f32x4.add(si, ti)), f32x4.mul(f, f32x4.add(sr, tr)));
    z += ELEMENT;
  }
}

/** All n frequencies of a real signal, n odd, from the first half: x̄[n − k] for the others, all but x[0] times half of `middle`; parts swapped. */
export function mirror(x: usize, z: usize, n: i32, middle: f32): void {
  put(z, f32x4.splat(0), re(x));
  const factor = f32x4.splat(0.5 * middle);
  for (let k = 1; 2 * k < n; k++) {
    const a = x + <usize>k * ELEMENT;
    const real = f32x4.mul(factor, re(a)), imaginary = f32x4.mul(factor, im(a));
    put(z + <usize>k * ELEMENT, imaginary, real);
    put(z + <usize>(n - k) * ELEMENT, f32x4.neg(imaginary), real);
  }
}

/** Multiplies the elements from `from` to `to` by `factor`. */
export function multiply(x: usize, from: i32, to: i32, factor: f32): void {
  const f = f32x4.splat(factor);
  const end = x + <usize>to * ELEMENT;
  for (x += <usize>from * ELEMENT; x < end; x += ELEMENT) put(x, f32x4.mul(f, re(x)), f32x4.mul(f, im(x)));
}

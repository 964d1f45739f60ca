import type { Kernel } from '../kernel-table';
import { isPixelData, samplePicture } from '../picture';
import type { WebGLBackend } from './backend';
import { draw } from './draw';

/** GLSL for the four values of texel i of the result, by the number of channels; see `pixel(n)`. */
const TEXELS: Readonly<Record<number, string>> = {
  1: 'vec4(pixel(i * 4).r, pixel(i * 4 + 1).r, pixel(i * 4 + 2).r, pixel(i * 4 + 3).r)',
  2: 'vec4(pixel(i * 2).rg, pixel(i * 2 + 1).rg)',
  3: 'three(i * 4 / 3, i % 3)',
  4: 'pixel(i)',
};

/** One draw samples the picture, once it has been uploaded as it is. */
export const fromPixels: Kernel<WebGLBackend, 'fromPixels'> = (backend, _inputs, [x], attributes) => {
  const { source, width, height, rows, columns, turned, shift, scale } = attributes;
  const { gl } = backend;
  const { dtype, size } = x!;
  const shape = x!.shape as [number, number, number];
  if (Math.max(width, height) > backend.maxTextureSize) {
    const values = dtype === 'float32' ? new Float32Array(size) : new Int32Array(size);
    samplePicture(values, shape, attributes);
    backend.write(x!.handle, values);
    return;
  }
  const isBytes = isPixelData(source);
  const picture = gl.createTexture();
  try {
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, picture);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    // Canvases and frames have their colours multiplied by alpha; to have the browser divide them takes several times as long as the draw.
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, !isBytes);
    const format = [gl.RGBA, gl.UNSIGNED_BYTE] as const;
    if (isBytes) gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, width, height, 0, ...format, source.data);
    else gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, ...format, source);
    const taps = [columns, rows].map(([, , reach]) => Math.ceil(2 * reach));
    const isBilinear = Math.max(...taps) === 2;
    draw(backend, {
      program: `fromPixels ${shape[2]} ${isBilinear}`,
      inputs: {},
      outputs: [x!],
      form: 'texel',
      ints: {
        width: shape[1],
        taps,
        turned: Number(turned),
        multiplied: Number(!isBytes),
        rounded: Number(dtype === 'int32'),
      },
      floats: { side: [...columns, ...rows], grain: [1 / width, 1 / height], shift, scale },
      source: () => sourceOf(isBilinear) + `vector result(int i) { return vector(${TEXELS[shape[2]]!}); }`,
    });
  } finally {
    gl.deleteTexture(picture);
  }
};

/**
 * `pixel(n)`: the elements of pixel n of the result; see `PictureSide`. The picture is read at coordinates from 0 to 1, since browsers upload
 * videos without the stretching by which they show pixels that are not square.
 */
const sourceOf = (isBilinear: boolean): string => `
  #define start vec2(side0, side5)
  #define pace vec2(side1, side6)
  #define reach vec2(side2, side7)
  #define low vec2(side3, side8)
  #define high vec2(side4, side9)
  uniform highp sampler2D picture;
  vec4 bytes(vec2 at) {
    vec4 v = round(texture(picture, (at + 0.5) * vec2(grain0, grain1)) * 255.0);
    if (multiplied == 1) v.rgb = min(floor(v.rgb * (255.0 / max(v.a, 1.0)) + 0.5), 255.0);
    return v;
  }
  vec4 blended(vec2 place) {
    ${
      isBilinear
        ? `vec2 a = floor(place), f = place - a, b = min(a + 1.0, high);
    a = max(a, low);
    return mix(mix(bytes(a), bytes(vec2(b.x, a.y)), f.x), mix(bytes(vec2(a.x, b.y)), bytes(b), f.x), f.y);`
        : `vec2 first = max(low, floor(place - reach) + 1.0);
    vec4 sum = vec4(0.0);
    float weight = 0.0;
    for (int t = 0; t < taps1; t++) {
      for (int u = 0; u < taps0; u++) {
        vec2 at = first + vec2(u, t), near = step(at, high) * max(1.0 - abs(at - place) / reach, 0.0);
        sum += near.x * near.y * bytes(at);
        weight += near.x * near.y;
      }
    }
    return sum / weight;`
    }
  }
  vec4 pixel(int n) {
    int row = over_width(n), column = n - row * width;
    vec2 place = turned == 1 ? vec2(row, column) : vec2(column, row);
    vec4 v = blended(start + pace * place);
    v = (v + vec4(shift0, shift1, shift2, shift3)) * vec4(scale0, scale1, scale2, scale3);
    return rounded == 1 ? floor(v + 0.5) : v;
  }
  vec4 three(int n, int first) {
    vec3 p = pixel(n).rgb, q = pixel(n + 1).rgb;
    return first == 0 ? vec4(p, q.r) : first == 1 ? vec4(p.gb, q.rg) : vec4(p.b, q);
  }`;

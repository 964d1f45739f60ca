import type { Kernel } from '../kernel-table';
import { isPixelData, samplePicture, type PictureSide } from '../picture';
import type { WebGLBackend } from './backend';
import { draw, type DrawCall } from './draw';

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
  const [resultHeight, resultWidth, channels] = x!.shape as [number, number, number];
  if (Math.max(width, height) > backend.maxTextureSize) {
    const values = x!.dtype === 'float32' ? new Float32Array(x!.size) : new Int32Array(x!.size);
    samplePicture(values, [resultHeight, resultWidth, channels], attributes);
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
    gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false);
    gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.BROWSER_DEFAULT_WEBGL);
    // Canvases and frames have their colours multiplied by alpha; to have the browser divide them takes ten times as long as the shader.
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, !isBytes);
    const format = [gl.RGBA, gl.UNSIGNED_BYTE] as const;
    if (isBytes) gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, width, height, 0, ...format, source.data);
    else gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, ...format, source);
    const sides = sideUniforms('row', rows, sideUniforms('column', columns));
    draw(backend, {
      program: `fromPixels ${channels}`,
      inputs: {},
      outputs: [x!],
      form: 'texel',
      ints: {
        ...sides.ints,
        result_width: resultWidth,
        turned: Number(turned),
        multiplied: Number(!isBytes),
        rounded: Number(x!.dtype === 'int32'),
      },
      floats: { ...sides.floats, shift, scale },
      source: () => SOURCE + `vector result(int i) { return vector(${TEXELS[channels]!}); }`,
    });
  } finally {
    gl.deleteTexture(picture);
  }
};

type Uniforms = Pick<DrawCall, 'ints' | 'floats'>;

function sideUniforms(name: string, side: PictureSide, others: Uniforms = {}): Uniforms {
  const { start, step, reach, low, high } = side;
  return {
    ints: { ...others.ints, [`${name}_low`]: low, [`${name}_high`]: high },
    floats: {
      ...others.floats,
      [`${name}_start`]: start,
      [`${name}_step`]: step,
      [`${name}_reach`]: reach,
    },
  };
}

/** `pixel(n)`: the elements of pixel n of the result; see `PictureSide`. */
const SOURCE = `
  uniform highp sampler2D picture;
  vec4 bytes_at(int x, int y) {
    vec4 v = round(texelFetch(picture, ivec2(x, y), 0) * 255.0);
    if (multiplied == 1 && v.a < 255.0) v.rgb = v.a > 0.0 ? floor(v.rgb * 255.0 / v.a + 0.5) : vec3(0.0);
    return v;
  }
  vec4 pixel(int n) {
    int row = over_result_width(n), column = n - row * result_width;
    float y = row_start + row_step * float(turned == 1 ? column : row);
    float x = column_start + column_step * float(turned == 1 ? row : column);
    int last_row = min(row_high, int(ceil(y + row_reach)) - 1);
    int first_column = max(column_low, int(floor(x - column_reach)) + 1);
    int last_column = min(column_high, int(ceil(x + column_reach)) - 1);
    vec4 sum = vec4(0.0);
    float weight = 0.0;
    for (int t = max(row_low, int(floor(y - row_reach)) + 1); t <= last_row; t++) {
      float down = 1.0 - abs(float(t) - y) / row_reach;
      for (int u = first_column; u <= last_column; u++) {
        float share = down * (1.0 - abs(float(u) - x) / column_reach);
        sum += share * bytes_at(u, t);
        weight += share;
      }
    }
    vec4 v = (sum / weight + vec4(shift0, shift1, shift2, shift3)) * vec4(scale0, scale1, scale2, scale3);
    return rounded == 1 ? floor(v + 0.5) : v;
  }
  vec4 three(int n, int first) {
    vec3 p = pixel(n).rgb, q = pixel(n + 1).rgb;
    return first == 0 ? vec4(p, q.r) : first == 1 ? vec4(p.gb, q.rg) : vec4(p.b, q);
  }`;

import { Geometry } from './geometry';
import { ENTRY_BYTES, rowBytesOf, rowsOf, STRIP_BYTES, STRIPS, addStrips, stripsOfPatch, stripsOfRow, tableBytes, writeStripTable } from './strips';

/** Bytes of scratch of `sparseInputGradient`: the strip table, the filter of each channel in strips, the list of a pixel, an image. */
export function sparseInputGradientScratch(geometry: usize): i32 {
  const g = changetype<Geometry>(geometry);
  const strips = stripsOfPatch(g.filterHeight, g.filterWidth * g.inChannels);
  const channelBytes = strips * <i32>STRIP_BYTES + <i32>ENTRY_BYTES;
  return <i32>tableBytes(strips) + g.outChannels * channelBytes + rowsOf(g) * <i32>rowBytesOf(g);
}

/**
 * Computes what `conv2dInputGradient` does from the elements of dy that are not 0. `dilationWidth` must be 1, no padding negative,
 * and every element of the filter finite.
 */
export function sparseInputGradient(dy: usize, filter: usize, dx: usize, geometry: usize, scratch: usize): void {
  const g = changetype<Geometry>(geometry);
  const batch = g.batch, height = g.inHeight, width = g.inWidth, channels = g.inChannels;
  const outHeight = g.outHeight, outWidth = g.outWidth, outChannels = g.outChannels;
  const filterHeight = g.filterHeight, strideHeight = g.strideHeight, strideWidth = g.strideWidth;
  const rowLength = g.filterWidth * channels;
  const strips = stripsOfPatch(filterHeight, rowLength);
  const filterBytes = <usize>strips * STRIP_BYTES;
  const rows = rowsOf(g);
  const rowBytes = rowBytesOf(g);
  const table = scratch;
  const filters = table + tableBytes(strips);
  const list = filters + <usize>outChannels * filterBytes;
  const padded = list + <usize>outChannels * ENTRY_BYTES;
  const pixelBytes = <usize>channels << 2;
  const inside = padded + <usize>g.padTop * rowBytes + <usize>g.padLeft * pixelBytes;
  writeStripTable(table, strips, rowLength, <usize>g.dilationHeight * rowBytes);
  packStrips(filter, filterHeight, rowLength, outChannels, filterBytes, filters);
  for (let image = 0; image < batch; image++) {
    memory.fill(padded, 0, <usize>rows * rowBytes);
    for (let row = 0; row < outHeight; row++) {
      let corner = padded + <usize>(row * strideHeight) * rowBytes;
      for (let column = 0; column < outWidth; column++) {
        let end = list;
        let source = filters;
        for (let channel = 0; channel < outChannels; channel++) {
          const value = load<f32>(dy);
          store<usize>(end, source);
          store<f32>(end, value, 4);
          end += select<usize>(ENTRY_BYTES, 0, value != 0);
          source += filterBytes;
          dy += 4;
        }
        if (end != list) {
          let from: usize = 0;
          for (let strip = 0; strip < strips; strip += STRIPS) {
            const at = table + (strip << 2);
            addStrips(
              list, end, from, from + STRIP_BYTES, from + 2 * STRIP_BYTES, from + 3 * STRIP_BYTES, from + 4 * STRIP_BYTES,
              corner + load<usize>(at), corner + load<usize>(at, 4), corner + load<usize>(at, 8), corner + load<usize>(at, 12), corner + load<usize>(at, 16),
            );
            from += STRIPS * STRIP_BYTES;
          }
        }
        corner += <usize>strideWidth * pixelBytes;
      }
    }
    for (let row = 0; row < height; row++) {
      memory.copy(dx, inside + <usize>row * rowBytes, <usize>width * pixelBytes);
      dx += <usize>width * pixelBytes;
    }
  }
}

/** Writes the filter of each output channel in strips, with zeros where a strip reaches beyond a row. */
function packStrips(filter: usize, rows: i32, rowLength: i32, outChannels: i32, filterBytes: usize, target: usize): void {
  memory.fill(target, 0, <usize>outChannels * filterBytes);
  for (let row = 0; row < rows; row++) {
    for (let position = 0; position < rowLength; position++) {
      let to = target + <usize>(row * stripsOfRow(rowLength)) * STRIP_BYTES + (position << 2);
      for (let channel = 0; channel < outChannels; channel++) {
        store<f32>(to, load<f32>(filter));
        filter += 4;
        to += filterBytes;
      }
    }
  }
}

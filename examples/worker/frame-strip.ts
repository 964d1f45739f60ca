/** The longest gap that fits into the strip, and the shortest one that the eye sees as a stutter, in milliseconds. */
const TOP = 120;
const STUTTER = 50;
/** Width of a bar and of the space beside it, in pixels. */
const BAR = 2;
const PITCH = 3;

/** Draws the gaps between frames as bars, the newest at the right; gaps that are too long have the colour of errors. */
export function frameStrip(canvas: HTMLCanvasElement): (gaps: readonly number[]) => void {
  const style = getComputedStyle(canvas);
  const pen = canvas.getContext('2d');
  let width = 0;
  let height = 0;
  new ResizeObserver(() => {
    width = canvas.clientWidth;
    height = canvas.clientHeight;
    canvas.width = width * devicePixelRatio;
    canvas.height = height * devicePixelRatio;
  }).observe(canvas);
  return (gaps) => {
    if (!pen || width === 0) return;
    pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    pen.clearRect(0, 0, width, height);
    const scale = height / TOP;
    const shown = gaps.slice(-Math.floor(width / PITCH));
    const left = width - shown.length * PITCH;
    shown.forEach((gap, index) => {
      const bar = Math.max(1, Math.min(gap, TOP) * scale);
      pen.fillStyle = style.getPropertyValue(gap > STUTTER ? '--slow' : '--smooth');
      pen.fillRect(left + index * PITCH, height - bar, BAR, bar);
    });
    pen.fillStyle = style.getPropertyValue('--limit');
    pen.fillRect(0, height - STUTTER * scale, width, 1);
  };
}

/** Pixels of images, canvases and videos to tensors and back, as the group `browser`. */
export { fromPixels, fromPixelsAsync, toPixels } from './pixels';

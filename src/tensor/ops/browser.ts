export { fromPixels, fromPixelsAsync, toPixels } from './pixels';

import { framesOptions, type FramesOptions } from '../../streams/sources/video-frames';
import { pixelOptions, type PixelOptions } from '../../tensor/ops/pixel-options';
import { assertOptionValues } from '../../tensor/options';

/** The options of {@link camera} and {@link screen}. */
export interface PreviewOptions extends FramesOptions {
  /**
   * A video element of the page that shows the stream at its full size, however small the tensors are. The source plays it, muted, and takes the stream away from it at
   * the end. Mirror it by the style `transform: scaleX(-1)`.
   */
  readonly preview?: HTMLVideoElement;
}

/** @throws when an option is wrong, or not known */
export function assertPreviewOptions(name: string, options: PreviewOptions): void {
  assertOptionValues<PixelOptions & Pick<PreviewOptions, 'preview'>>(
    name,
    options,
    {
      ...pixelOptions,
      preview: [
        (value) => typeof HTMLVideoElement === 'function' && value instanceof HTMLVideoElement,
        'a video element',
      ],
    },
    { ...framesOptions, preview: 1 },
  );
}

import type { LiveOptions } from '../../streams/pulling/live';
import type { PullOptions } from '../../streams/pulling/pull';
import { framesOptions, type FramesOptions } from '../../streams/sources/video-frames';
import { pixelOptions } from '../../tensor/ops/pixel-options';
import { assertOptionValues, isOneOf, type OptionNames, type OptionRules } from '../../tensor/options';

/** The options of {@link mediaFrames}. */
export interface MediaFramesOptions extends FramesOptions {
  /** Whether the pictures are read into tensors; true when left out. See {@link UnreadOptions}. */
  readonly read?: true;
}

/** The options of {@link camera} and {@link screen}. */
export interface PreviewOptions extends MediaFramesOptions {
  /**
   * A video element of the page that shows the stream at its full size, however small the tensors are. The source plays it, muted, and takes the stream away from it at
   * the end. Mirror it by the style `transform: scaleX(-1)`.
   */
  readonly preview?: HTMLVideoElement;
}

/** The options of sources whose pictures are not read into tensors. The form of the tensors is not among them. */
export interface Unread {
  /**
   * false: the pictures are not read into tensors. They come as a `VideoFrame`, or as an `ImageBitmap` where the tensors lie on the CPU or the browser gives no frames. {@link track},
   * the functions of models and {@link overlay} take them, and read the parts that they look at, which takes a fraction of the time. Each lives as long as a tensor
   * in its place would: it is closed when all that works on its emission is done.
   */
  readonly read: false;
}

/** The options of live sources of pictures that are not read into tensors. */
export interface UnreadOptions extends LiveOptions, Unread {}

/** The options of {@link camera} and {@link screen} whose pictures are not read into tensors. */
export interface UnreadPreviewOptions extends UnreadOptions, Pick<PreviewOptions, 'preview'> {}

/** The options of {@link decodedFrames} whose pictures are not read into tensors. */
export interface UnreadDecodedOptions extends PullOptions, Unread {}

/** The rule of an option that is a video element of the page. */
export const previewRule: OptionRules<Pick<PreviewOptions, 'preview'>> = {
  preview: [
    (value: unknown): boolean => typeof HTMLVideoElement === 'function' && value instanceof HTMLVideoElement,
    'a video element',
  ],
};

/**
 * Whether the pictures stay unread.
 *
 * @param own the rules of the options that this source has beside those of all
 * @param known the names of the others
 * @throws when an option is wrong, or not known
 */
export function isUnread<O extends { readonly read?: boolean }>(
  name: string,
  options: O,
  own: Partial<OptionRules<Record<string, unknown>>> = {},
  known: OptionNames<object> = framesOptions,
): options is Extract<O, Unread> {
  const rules = { ...pixelOptions, read: isOneOf([true, false]), ...own };
  assertOptionValues<object>(name, options, rules, { ...known, ...rules });
  if (options.read !== false) return false;
  const formed = Object.keys(pixelOptions).find((each) => each in options);
  if (formed)
    throw new Error(
      `${name}: option '${formed}' says how tensors are made, and 'read' is false: none are; wanted one of the two`,
    );
  return true;
}

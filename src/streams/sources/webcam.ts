import type { Observable } from 'rxjs';
import type { Tensor3D } from '../../tensor/tensor';
import { live } from '../pulling/live';
import { streamDevice, throughVideo } from './stream-device';
import { assertFramesOptions, type FramesOptions } from './video-frames';

/** What is read, in messages. */
export const THE_CAMERA = 'the camera';

/**
 * A source of the pictures of a camera, as int32 tensors [height, width, channels] from 0 to 255, or as the options say. Each subscription opens the camera, for which
 * the browser may ask permission, and releases it (its light goes out) when it ends for any reason. To use one camera in several parts of a program,
 * add `share()`. It is live: while earlier emissions are unfinished it drops pictures, and continues with the newest.
 *
 * ```text
 *  the camera sees    ----a--b--c--d--e--f--
 *  work on a              [=======]
 *  webcam()           ----a-------c--d--e--f--     b is dropped
 * ```
 *
 * The page must come by HTTPS or from localhost. Hidden pages get no pictures.
 *
 * @param constraints what the camera should do, as `getUserMedia` takes it: `width` and `height` in pixels, `frameRate` in pictures a second, `facingMode`
 *   'user' or 'environment', `deviceId`, …; the browser comes as near as it can
 * @param options the form of the tensors (`size`, `crop`, `normalize`, `mirror`, …, see {@link PixelOptions}), pacing, and `onDrop`
 * @throws when an option is invalid; as error notifications, when permission is refused, there is no camera, none meets the constraints (`exact`,
 *   `min`, `max`), another program uses it, or it is unplugged
 * @example
 * ```ts browser
 * import * as dl from 'rxtensor';
 * import { take } from 'rxjs';
 * document.body.innerHTML = '<canvas></canvas>';
 * const canvas = document.querySelector('canvas')!;
 * dl.webcam({ width: 320, height: 240 }, { normalize: '0..1', mirror: true, onDrop: (dropped) => console.log(dropped) })
 *   .pipe(dl.mapTensor((frame) => frame.mean(2)), dl.paint(canvas), take(20))
 *   .subscribe({
 *     error: (error: Error) => console.log(error.message), // permission was refused, there is no camera, …
 *     complete: () => console.log('the camera is off'),
 *   });
 * ```
 */
export function webcam(
  constraints: MediaTrackConstraints = {},
  options: FramesOptions = {},
): Observable<Tensor3D> {
  const name = 'webcam';
  assertFramesOptions(name, options);
  return live(
    name,
    (events) =>
      streamDevice(
        () => cameraOf(name, constraints),
        (track) => events.fail(takenAway(name, track)),
        (stream) => throughVideo(name, THE_CAMERA, stream, events, options),
        events.fail,
      ),
    options,
  );
}

/** A camera that was unplugged. */
export const takenAway = (name: string, { label }: MediaStreamTrack): Error =>
  new Error(`${name}: the camera '${label}' ${FAULTS.ended}`);

/** Opens a camera. @throws (rejects the promise) when there is none, or it may not be used */
export async function cameraOf(name: string, constraints: MediaTrackConstraints): Promise<MediaStream> {
  const devices = mediaDevicesOf(name);
  try {
    return await devices.getUserMedia({ video: constraints, audio: false });
  } catch (cause) {
    throw refused(name, cause as Error, FAULTS);
  }
}

/** @throws where there are none, as in a page without HTTPS */
export function mediaDevicesOf(name: string): MediaDevices {
  const devices = (globalThis.navigator as Partial<Navigator> | undefined)?.mediaDevices;
  if (devices) return devices;
  throw new Error(`${name}: ${FAULTS.insecure}`);
}

/** The error for one of the browser's own, whose name tells why a device was not opened. */
export function refused(name: string, cause: Error, reasons: Readonly<Record<string, string>>): Error {
  const { constraint } = cause as { constraint?: string };
  const why = reasons[cause.name] ?? 'it could not be opened';
  return new Error(`${name}: ${why}${constraint ? `: '${constraint}'` : ''} (${String(cause)})`, { cause });
}

/** Why there are no pictures, and what to do: by the name of the error that `getUserMedia` rejects with (Media Capture and Streams, section 10.2), and two of our own. */
const FAULTS = {
  insecure: 'there are no cameras here; wanted a browser, and a page that came by HTTPS or from localhost',
  ended: 'stopped: it was unplugged, or its permission was withdrawn',
  NotAllowedError: 'permission to use the camera was refused, by the person or for this page',
  NotFoundError: 'there is no camera',
  NotReadableError: 'the camera cannot be read; another program may be using it',
  OverconstrainedError: 'no camera can do what is demanded',
  AbortError: 'the camera could not be started',
  SecurityError: 'cameras are switched off for this page',
  TypeError: 'the constraints are impossible',
} as const;

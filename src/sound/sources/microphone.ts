import { defer, fromEvent, map, merge, of, Subject, switchMap, type Observable } from 'rxjs';
import { refused } from '../../streams/sources/webcam';
import { assertOptionValues } from '../../tensor/options';
import type { Tensor } from '../../tensor/tensor';
import { assertWorklets, listen } from './listen';
import { liveSamples } from './live-samples';
import { soundOfStream } from './open-sound';
import {
  formRules,
  framingOf,
  listeningOf,
  liveSoundOptions,
  liveSoundRules,
  type LiveSoundOptions,
  type SoundForm,
} from './sample-options';

/** What a {@link microphone} should do: the form of the samples, and what `getUserMedia` takes. */
export interface MicrophoneConstraints extends Omit<MediaTrackConstraints, 'sampleRate'>, SoundForm {}

/** Emits when a microphone was opened: from then on the browser tells the names of all. */
const opened = new Subject<void>();

/**
 * A source of the sound of a microphone, in frames from −1 to 1 that may overlap. Each subscription opens the microphone, for which the browser may ask permission, and
 * closes it when it ends for any reason. To use one in several parts of a program, add `share()`.
 *
 * It is live, but drops nothing while there is no room for a frame: samples wait, `ring` seconds of them. When the ring is full, samples are dropped; `onGap` is told how many
 * and where, and the next frame begins anew, so that none has samples of both sides of a gap. (What an overloaded browser loses before that, nobody is told.) Every frame has the time of its first sample (`timeOf` of `rxtensor/vision`):
 * `media` counts samples since the first one, those that were lost too; `capture` is when the microphone took it.
 *
 * ```text
 *  microphone    ––aaaaaabbbbbbcccccc…
 *  frames        ––––––––a–––––b–––––c
 * ```
 *
 * The page must come by HTTPS or from localhost. Hidden pages hear too. A browser that wants a click first delivers nothing until there is one, and the console says so.
 * To change the microphone, change the stream: `constraints$.pipe(switchMap((constraints) => microphone(constraints, options)))`.
 *
 * @param constraints `sampleRate` and `channels` of the frames, and what the microphone should do, as `getUserMedia` takes it: `deviceId` of one of {@link microphones},
 *   `echoCancellation`, `noiseSuppression`, `autoGainControl`, `channelCount`, …; the browser comes as near as it can
 * @param options how frames are cut (`frame`, `hop`), pacing, `ring`, `onGap`, and `worklet`
 * @returns float32 [frame], or [channels, frame] with `channels: 'all'`
 * @throws when an option is wrong; as error notifications, when permission is refused, there is no microphone, none meets the constraints, another program uses it, it is
 *   unplugged, and where there are none: in a page without HTTPS, in a worker (see `inWorker`), in Node
 * @example
 * ```ts browser
 * import * as dl from 'rxtensor';
 * import { microphone } from 'rxtensor/sound';
 * import { take } from 'rxjs';
 * microphone({ sampleRate: 16000, echoCancellation: false }, { frame: 400, hop: 160, onGap: ({ seconds }) => console.log(seconds, 's lost') })
 *   .pipe(dl.mapTensor((frame) => frame.square().mean().sqrt()), dl.download(), take(10))
 *   .subscribe({
 *     next: (loudness) => console.log(loudness), // a hundred times a second
 *     error: (error: Error) => console.log(error.message), // permission was refused, there is no microphone, …
 *   });
 * ```
 */
export function microphone(
  constraints: MicrophoneConstraints = {},
  options: LiveSoundOptions = {},
): Observable<Tensor> {
  const name = 'microphone';
  const { sampleRate, channels, ...ofDevice } = constraints;
  const form: SoundForm = {
    ...(sampleRate !== undefined && { sampleRate }),
    ...(channels !== undefined && { channels }),
  };
  assertOptionValues<SoundForm>(name, form, formRules);
  assertOptionValues<Omit<LiveSoundOptions, 'inFlight' | 'scheduler'>>(
    name,
    options,
    liveSoundRules,
    liveSoundOptions,
  );
  const framing = framingOf(form, options, 'dropped');
  const listening = listeningOf(framing, options);
  return liveSamples(
    name,
    (events) =>
      listen(
        name,
        async () => {
          const stream = await streamOf(name, ofDevice);
          opened.next();
          const [track] = stream.getAudioTracks();
          track?.addEventListener('ended', () => events.fail(takenAway(name, track)));
          return soundOfStream(stream, listening.block, () =>
            stream.getTracks().forEach((each) => each.stop()),
          );
        },
        events,
        listening,
      ),
    framing,
    options.onGap,
    options,
  );
}

/**
 * The microphones of this machine: a list now, and another whenever one is plugged in or out. Until a page has opened a microphone, the browser tells neither `deviceId` nor
 * `label`; the list comes again when {@link microphone} has opened one.
 *
 * @throws (as error notification) where there are none: in a page without HTTPS, in a worker, in Node
 * @example
 * ```ts browser
 * import { microphones } from 'rxtensor/sound';
 * import { take } from 'rxjs';
 * microphones()
 *   .pipe(take(1))
 *   .subscribe({
 *     next: (found) => console.log(found.map(({ label, deviceId }) => [label, deviceId])),
 *     error: (error: Error) => console.log(error.message),
 *   });
 * ```
 */
export function microphones(): Observable<readonly MediaDeviceInfo[]> {
  return defer(() => {
    const devices = devicesOf('microphones');
    return merge(of(null), fromEvent(devices, 'devicechange'), opened).pipe(
      switchMap(() => devices.enumerateDevices()),
      map((all) => all.filter(({ kind }) => kind === 'audioinput')),
    );
  });
}

const takenAway = (name: string, { label }: MediaStreamTrack): Error =>
  new Error(
    `${name}: the microphone '${label}' stopped: it was unplugged, or its permission was withdrawn; subscribe anew, as by retry(), when microphones() has another`,
  );

async function streamOf(name: string, audio: MediaTrackConstraints): Promise<MediaStream> {
  const devices = devicesOf(name);
  assertWorklets(name);
  try {
    return await devices.getUserMedia({ audio, video: false });
  } catch (cause) {
    throw refused(name, cause as Error, REFUSALS);
  }
}

/** @throws where there are none, as in a page without HTTPS */
function devicesOf(name: string): MediaDevices {
  const devices = (globalThis.navigator as Partial<Navigator> | undefined)?.mediaDevices;
  if (devices) return devices;
  throw new Error(
    `${name}: there are no microphones here; wanted a page of a browser that came by HTTPS or from localhost: a worker gets the frames of its page by inWorker()`,
  );
}

/** By the name of the error that `getUserMedia` rejects with (Media Capture and Streams, section 10.2). */
const REFUSALS: Readonly<Record<string, string>> = {
  NotAllowedError:
    'permission to use the microphone was refused, by the person or for this page: allow it in the settings of the browser for this site, and subscribe anew',
  NotFoundError: 'there is no microphone: plug one in, and subscribe anew',
  NotReadableError: 'the microphone cannot be read; another program may be using it',
  OverconstrainedError: 'no microphone can do what is demanded',
  AbortError: 'the microphone could not be started',
  SecurityError: 'microphones are switched off for this page',
  TypeError: 'the constraints are impossible',
};

import * as dl from 'rxtensor';
import { audioFrames } from 'rxtensor/sound';
import { map, take, type Observable } from 'rxjs';
import { until } from '../../../test/support/marbles';
import {
  hertzOf,
  messageOf,
  needsSound,
  openedSound,
  toneStream,
  type OpenedSound,
} from '../../../test/support/opened-sound';
import { tracksThatEnd } from '../../../test/support/tracks-that-end';
import { wavFile } from '../../../test/support/wav-file';

const heardBy = async (stream: Observable<dl.Tensor>): Promise<number[]> => {
  const heard: number[] = [];
  await stream
    .pipe(
      dl.download(),
      map((frame) => frame as unknown as Float32Array),
    )
    .forEach((frame) => heard.push(...frame));
  return heard;
};

/** A second of a tone as the browser encodes it, not as a WAV file. */
async function encodedTone(hertz: number): Promise<Blob> {
  const { stream, stop } = toneStream(hertz);
  const recorder = new MediaRecorder(stream);
  const parts: Blob[] = [];
  const stopped = new Promise((resolve) => (recorder.onstop = resolve));
  recorder.ondataavailable = ({ data }) => parts.push(data);
  recorder.start();
  const begun = performance.now();
  await until(() => performance.now() - begun > 1000);
  recorder.stop();
  await stopped;
  await stop();
  return new Blob(parts, { type: recorder.mimeType });
}

/** A second and a half of a tone as a WAV file. */
function toneFile(hertz: number): Blob {
  const [rate, length] = [8000, 12_000];
  const samples = Float32Array.from({ length }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / rate));
  return wavFile(samples, rate);
}

describe('audioFrames in a page', () => {
  let opened: OpenedSound;

  beforeEach(() => {
    opened = openedSound();
  });

  it('gives what an AudioBuffer has', async () => {
    const buffer = new AudioBuffer({ length: 5, sampleRate: 8000, numberOfChannels: 2 });
    buffer.copyToChannel(Float32Array.of(1, 0.5, 0, -0.5, 0), 0);
    buffer.copyToChannel(Float32Array.of(0, 0.5, 1, 0.5, 0), 1);
    expect(await heardBy(audioFrames(buffer, { frame: 2, hop: 1 }))).toEqual([
      0.5, 0.5, 0.5, 0.5, 0.5, 0, 0, 0,
    ]);
  });

  it('decodes what the browser can', async () => {
    await needsSound();
    const heard = await heardBy(audioFrames(await encodedTone(500), { sampleRate: 16000, padEnd: true }));
    expect(heard.length).toBeGreaterThan(8000);
    expect(hertzOf(heard.slice(4000, 8000), 16000)).toBeCloseTo(500, 0);
  });

  it('hears a stream, completes with its tracks, and leaves them', async () => {
    await needsSound();
    const { stream, context, stop } = toneStream(600);
    const end = tracksThatEnd(stream);
    const [track] = stream.getAudioTracks() as [MediaStreamTrack];
    const heard: number[] = [];
    await audioFrames(stream, { sampleRate: 16000, frame: 400, hop: 400, padEnd: true })
      .pipe(
        dl.download(),
        map((frame) => frame as unknown as Float32Array),
      )
      .forEach((frame) => {
        heard.push(...frame);
        if (heard.length === 8000) {
          spyOnProperty(track, 'readyState').and.returnValue('ended');
          end();
        }
      });
    expect(heard.length).toBeGreaterThanOrEqual(8000);
    expect(hertzOf(heard.slice(3000, 7500), 16000)).toBeCloseTo(600, 0);
    await until(() => opened.contexts.every((each) => each === context || each.state === 'closed'));
    expect(await messageOf(audioFrames(stream))).toMatch(
      /is a MediaStream with tracks that have ended; wanted one with sound$/,
    );
    expect(await messageOf(audioFrames(new MediaStream()))).toMatch(
      /is a MediaStream with no audio tracks; wanted one with sound$/,
    );
    await stop();
  });

  it('hears an element while it plays, more than once, and completes when it has ended', async () => {
    await needsSound();
    const audio = new Audio();
    audio.src = URL.createObjectURL(toneFile(700));
    const heard: number[] = [];
    const frames = audioFrames(audio, { sampleRate: 16000, frame: 320 });
    const first = frames.pipe(take(5)).forEach(() => undefined);
    const whole = frames
      .pipe(
        dl.download(),
        map((frame) => frame as unknown as Float32Array),
      )
      .forEach((frame) => heard.push(...frame));
    await first;
    await audio.play();
    await whole;
    expect(audio.ended).toBeTrue();
    const begin = heard.findIndex((v) => Math.abs(v) > 0.1);
    expect(begin).toBeGreaterThan(0);
    expect(hertzOf(heard.slice(begin + 2000, begin + 16000), 16000)).toBeCloseTo(700, 0);
    expect(opened.contexts.length).toBe(1);
    URL.revokeObjectURL(audio.src);
  });

  it('says why an element cannot be heard', async () => {
    await needsSound();
    const taken = new Audio();
    const context = new AudioContext();
    context.createMediaElementSource(taken);
    expect(await messageOf(audioFrames(taken))).toMatch(
      /^audioFrames: another AudioContext has the sound of the element; wanted the stream of a MediaStreamAudioDestinationNode/,
    );
    await context.close();
    const elsewhere = new Audio('https://example.org/sound.mp3');
    elsewhere.preload = 'none';
    expect(await messageOf(audioFrames(elsewhere))).toMatch(
      /^audioFrames: the element plays https:\/\/example.org\/sound.mp3, whose site .* wanted crossOrigin = 'anonymous'/,
    );
    const broken = new Audio();
    const failed = messageOf(audioFrames(broken));
    broken.src = URL.createObjectURL(new Blob(['no sound']));
    broken.load();
    expect(await failed).toMatch(
      /^audioFrames: the element with blob:.* failed: it was not found, or its format/,
    );
    URL.revokeObjectURL(broken.src);
  });
});

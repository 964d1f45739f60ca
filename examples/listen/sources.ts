import { defer, finalize, type Observable } from 'rxjs';
import type { Tensor } from 'rxtensor';
import { audioFrames, microphone, type SoundGap } from 'rxtensor/sound';
import recording from '../page/recording/speech-and-melody.mp3';

/** Where sound comes from. */
export interface SoundSource {
  readonly kind: 'microphone' | 'recording' | 'file';
  /** The file that was chosen, for that kind. */
  readonly file: File | null;
}

/** The rate that the model of notes takes. */
export const RATE = 22050;
const FRAME = 1024;

/** The sound of a source, as it is heard. Unsubscribing gives the microphone back, or ends what is played. */
export function soundOf({ kind, file }: SoundSource, onGap: (gap: SoundGap) => void): Observable<Tensor> {
  if (kind === 'microphone')
    // What makes speech plain for people takes away what is music.
    return microphone(
      { sampleRate: RATE, echoCancellation: false, noiseSuppression: false, autoGainControl: false },
      { frame: FRAME, onGap },
    );
  if (kind === 'recording') return played(recording, onGap);
  if (!file) throw new Error('audioFrames: no file was chosen');
  return defer(() => {
    const address = URL.createObjectURL(file);
    return played(address, onGap).pipe(finalize(() => URL.revokeObjectURL(address)));
  });
}

/** Plays a file, and hears it. */
function played(address: string, onGap: (gap: SoundGap) => void): Observable<Tensor> {
  return defer(() => {
    const element = new Audio(address);
    void element.play().catch(() => undefined);
    return audioFrames(element, { sampleRate: RATE, frame: FRAME, onGap }).pipe(
      finalize(() => element.pause()),
    );
  });
}

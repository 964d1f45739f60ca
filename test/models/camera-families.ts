/** The families of models that are tried on a camera, in a page and in a worker. */
import { loadGraphModel, type GraphModel } from 'rxtensor/models';
import { detector, landmarker, specs, track, type Picture } from 'rxtensor/vision';

const families = {
  faces: { models: ['blazeface', 'facemesh'], detect: specs.blazeface, landmarks: specs.facemesh },
  hands: {
    models: ['handdetect', 'handlandmark-full'],
    detect: specs.handdetect,
    landmarks: specs.handlandmark,
  },
  bodies: {
    models: ['blazepose-detector', 'blazepose-lite'],
    detect: specs.blazeposeDetector,
    landmarks: specs.blazepose,
  },
} as const;

export type CameraFamily = keyof typeof families;

/** Loads a family. */
export async function opened(family: CameraFamily) {
  const { models, detect, landmarks } = families[family];
  const load = (name: string): Promise<GraphModel> => loadGraphModel(`/models/${name}.json`);
  const loaded = await Promise.all(models.map(load));
  const [find, locate] = [detector(loaded[0]!, detect), landmarker(loaded[1]!, landmarks)];
  return {
    find,
    locate,
    followed: track<Picture>({ detect: find, landmarks: locate, maxTracks: 1 }),
    close: () => loaded.forEach((model) => model.dispose()),
  };
}

/** What the page can see, by the names in its form. */
import { background } from './background';
import backgroundCode from './background.ts?raw';
import { body } from './body';
import bodyCode from './body.ts?raw';
import { faces } from './faces';
import facesCode from './faces.ts?raw';
import { filtered } from './filtered';
import filteredCode from './filtered.ts?raw';
import { hands } from './hands';
import handsCode from './hands.ts?raw';
import { objects } from './objects';
import objectsCode from './objects.ts?raw';
import type { Scene } from './scene';

export type { Stage } from './scene';

/** The models of a scene are those that its pipeline is typed with. */
const scene = <Name extends string>(
  models: readonly Name[],
  pipeline: Scene<Name>['pipeline'],
  code: string,
): Scene => ({ models, pipeline, code });

export const scenes = {
  faces: scene(['blazeface', 'facemesh'], faces, facesCode),
  hands: scene(['handdetect', 'handlandmark-full'], hands, handsCode),
  body: scene(['movenet-lightning'], body, bodyCode),
  background: scene(['selfie'], background, backgroundCode),
  objects: scene(['centernet'], objects, objectsCode),
  filters: scene([], filtered, filteredCode),
} as const;

export type SceneName = keyof typeof scenes;

// A worker that follows what is on the pictures of a page: `/camera-worker.js?faces,cpu`.
import * as dl from 'rxtensor';
import { serve } from 'rxtensor/workers';
import type { Picture } from 'rxtensor/vision';
import { from, switchMap, type Observable } from 'rxjs';
import { opened, type CameraFamily } from './camera-families';

const [family, backend] = location.search.slice(1).split(',') as [CameraFamily, string];
const ready = Promise.resolve(dl.setBackend(backend)).then(() => opened(family));

serve((pictures$: Observable<Picture>) =>
  from(ready).pipe(switchMap(({ followed }) => pictures$.pipe(followed))),
);

import { RenderMode, type ServerRoute } from '@angular/ssr';

/** The first page is rendered while the application is built, the others for each request. None of them trains there. */
export const serverRoutes: ServerRoute[] = [
  { path: 'curve', renderMode: RenderMode.Server },
  { path: 'worker', renderMode: RenderMode.Server },
  { path: 'camera', renderMode: RenderMode.Server },
  { path: '**', renderMode: RenderMode.Prerender },
];

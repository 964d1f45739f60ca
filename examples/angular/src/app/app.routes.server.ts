import { RenderMode, type ServerRoute } from '@angular/ssr';

/** All pages but one are rendered while the application is built; the camera's is rendered for each request. Neither trains. */
export const serverRoutes: ServerRoute[] = [
  { path: 'camera', renderMode: RenderMode.Server },
  { path: '**', renderMode: RenderMode.Prerender },
];

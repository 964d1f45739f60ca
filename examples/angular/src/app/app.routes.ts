import type { Routes } from '@angular/router';

/** Each page is loaded when it is first visited, and rxtensor with the first that needs it. */
export const routes: Routes = [
  { path: '', pathMatch: 'full', title: 'rxtensor and Angular', loadComponent: () => import('./home/home') },
  { path: 'curve', title: 'A curve · rxtensor', loadComponent: () => import('./curve/curve-page') },
  { path: 'worker', title: 'In a worker · rxtensor', loadComponent: () => import('./worker/worker-page') },
  { path: 'camera', title: 'A camera · rxtensor', loadComponent: () => import('./camera/camera-page') },
  { path: '**', redirectTo: '' },
];

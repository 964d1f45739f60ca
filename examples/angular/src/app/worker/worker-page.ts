import { Component } from '@angular/core';
import { TrainingPanel } from '../training/training-panel';
import { learnInWorker } from './learn-in-worker';

@Component({
  selector: 'app-worker-page',
  imports: [TrainingPanel],
  template: `
    <div class="intro">
      <h1>In a worker</h1>
      <p>
        The same training and the same component. The slider reaches across to the worker, and the worker ends
        with the page.
      </p>
    </div>
    <app-training-panel [start]="start" />
  `,
})
export default class WorkerPage {
  protected readonly start = learnInWorker;
}

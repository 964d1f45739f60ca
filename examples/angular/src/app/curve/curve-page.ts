import { Component } from '@angular/core';
import { learnCurve } from '../training/learn-curve';
import { TrainingPanel } from '../training/training-panel';

@Component({
  selector: 'app-curve-page',
  imports: [TrainingPanel],
  template: `
    <div class="intro">
      <h1>A curve</h1>
      <p>
        A network with one hidden layer learns to follow the points. Move the slider: the optimizer takes its
        next step with the new learning rate.
      </p>
    </div>
    <app-training-panel [start]="start" />
  `,
})
export default class CurvePage {
  protected readonly start = learnCurve;
}

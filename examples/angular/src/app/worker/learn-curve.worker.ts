/// <reference lib="webworker" />
import { serve } from 'rxtensor/workers';
import { switchMap } from 'rxjs';
import { learnCurve } from '../training/learn-curve';
import type { Progress } from '../training/progress';

serve<string, Progress, { rate: number }>((begun$, { rate }) =>
  begun$.pipe(switchMap(() => learnCurve(rate))),
);

import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-webgl';
import type { Library } from '../library';
import { reportFirstResult } from './first-result-page';

void tf.setBackend('webgl').then(() => reportFirstResult(tf as unknown as Library));

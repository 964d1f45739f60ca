import * as dl from 'rxtensor';
import type { Library } from '../library';
import { reportFirstResult } from './first-result-page';

void Promise.resolve(dl.setBackend('webgl')).then(() => reportFirstResult(dl as Library));

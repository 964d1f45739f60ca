import type { Case } from './case';
import { dispatch } from './dispatch';
import { elementwise } from './elementwise';
import { moves } from './moves';
import { products } from './products';
import { reductions } from './reductions';
import { training } from './training';

export type { Case, PeerName, Prepared } from './case';

export const cases: readonly Case[] = [
  ...products,
  ...elementwise,
  ...reductions,
  ...moves,
  ...training,
  ...dispatch,
];

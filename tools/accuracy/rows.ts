/** All rows of the table of sums and products. The order of the imports decides which numbers a row draws. */
import { productRows } from './products';
import { moreOpRows } from './more-ops';

export const rows = [...productRows, ...moreOpRows];

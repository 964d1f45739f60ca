/** Where the site is made: nothing of it is committed. */
import { join } from 'node:path';

export const MADE = '.cache/site';
/** The Markdown that VitePress builds. */
export const PAGES = join(MADE, 'pages');
/** Copied to the site as it is. */
export const PUBLIC = join(PAGES, 'public');
/** The generator: its packages, theme and own pages. */
export const SITE = 'site';

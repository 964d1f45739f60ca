import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import { sharedParts } from '../page/shared-parts';

const folder = import.meta.dirname;

export default defineConfig({
  root: folder,
  base: './',
  appType: 'mpa',
  plugins: [sharedParts(join(folder, 'parts')), vue(), svelte({ configFile: false })],
  esbuild: { jsx: 'automatic' },
  build: {
    target: 'es2022',
    rollupOptions: {
      input: ['.', 'react', 'vue', 'svelte'].map((name) => join(folder, name, 'index.html')),
    },
  },
});

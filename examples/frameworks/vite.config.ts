import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

const folder = import.meta.dirname;

export default defineConfig({
  root: folder,
  base: './',
  appType: 'mpa',
  plugins: [vue(), svelte({ configFile: false })],
  esbuild: { jsx: 'automatic' },
  build: {
    target: 'es2022',
    rollupOptions: {
      input: ['.', 'react', 'vue', 'svelte'].map((name) => join(folder, name, 'index.html')),
    },
  },
});

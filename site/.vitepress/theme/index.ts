import type { Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme-without-fonts';
import '@fontsource-variable/geist';
import '@fontsource-variable/geist-mono';
import ExamplePage from './ExamplePage.vue';
import RunnableExample from './RunnableExample.vue';
import './style.css';

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component('RunnableExample', RunnableExample);
    app.component('ExamplePage', ExamplePage);
  },
} satisfies Theme;

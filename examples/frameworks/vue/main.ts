import { createApp } from 'vue';
import { stage } from '../stage';
import Training from './training.vue';

stage((place) => {
  const app = createApp(Training);
  app.mount(place);
  return () => app.unmount();
});

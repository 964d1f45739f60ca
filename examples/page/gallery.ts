import { carryBackend } from './backend-choice';
import { applyTheme, themeOf } from './theme';

const toggle = document.querySelector<HTMLButtonElement>('#theme');
if (toggle) themeOf(toggle).subscribe((theme) => applyTheme(theme, toggle));
carryBackend();

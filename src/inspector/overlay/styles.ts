/** The colours of the overlay, light and dark. */
const LIGHT = `
  --paper: #ffffff; --raised: #f6f7f9; --hover: #f0f2f5; --ink: #14171c; --soft: #4b5563; --faint: #6b7280; --line: #e3e6eb;
  --lane: #b6bcc8; --mark: #3556d8; --load: #3556d8; --good: #18794e; --warn: #9a5b00; --warn-paper: #fff6e5; --warn-line: #f1d9a7;
  --bad: #c0272d; --bad-paper: #fff0f0; --bad-line: #f3c4c6; --shadow: 0 1px 2px #0f172a14, 0 12px 32px #0f172a24; color-scheme: light;`;
const DARK = `
  --paper: #15181d; --raised: #1c2026; --hover: #22272e; --ink: #edeff2; --soft: #b9c0ca; --faint: #8d96a3; --line: #2b3038;
  --lane: #4a525e; --mark: #8ea6ff; --load: #7d97ff; --good: #5fd097; --warn: #f2b950; --warn-paper: #2b2314; --warn-line: #51401d;
  --bad: #ff8589; --bad-paper: #311a1c; --bad-line: #5c2b2e; --shadow: 0 1px 2px #0006, 0 12px 32px #0009; color-scheme: dark;`;

const RULES = `
:host {
  ${LIGHT}
  display: block;
  font: 400 13px/1.4 ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
  color: var(--ink);
  text-align: left;
}
@media (prefers-color-scheme: dark) { :host { ${DARK} } }
:host([data-theme='light']) { ${LIGHT} }
:host([data-theme='dark']) { ${DARK} }
:host([data-placement='above']) { position: fixed; z-index: 2147483000; right: 16px; bottom: 16px; width: min(420px, calc(100vw - 32px)); }
*, *::before, *::after { box-sizing: border-box; }
button { font: inherit; color: inherit; text-align: inherit; border: 0; background: none; padding: 0; margin: 0; cursor: pointer; }
[hidden] { display: none !important; }
:focus-visible { outline: 2px solid var(--mark); outline-offset: -2px; border-radius: 6px; }
.panel { display: flex; flex-direction: column; max-height: min(76vh, 720px); overflow: hidden; background: var(--paper); border: 1px solid var(--line); border-radius: 12px; }
:host([data-placement='above']) .panel { box-shadow: var(--shadow); }
:host([data-placement='part']) .panel { max-height: none; }
.toggle { display: flex; align-items: center; gap: 8px; width: 100%; min-height: 44px; padding: 0 14px; }
.toggle:hover { background: var(--hover); }
.logo, .chevron { width: 18px; height: 18px; flex: none; fill: none; stroke: currentColor; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; color: var(--faint); }
.logo circle { fill: var(--paper); }
.chevron { margin-left: 2px; transform: rotate(180deg); transition: transform 0.15s; }
.toggle[aria-expanded='true'] .chevron { transform: none; }
.title { font-weight: 600; letter-spacing: -0.005em; }
.state { margin-left: auto; display: flex; align-items: center; gap: 6px; color: var(--faint); font-size: 12px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.state::before { content: ''; width: 7px; height: 7px; border-radius: 50%; background: currentColor; }
[data-severity='good'] .state { color: var(--good); }
[data-severity='warn'] .state { color: var(--warn); }
[data-severity='bad'] .state { color: var(--bad); }
[data-ended] .state { color: var(--faint); }
.content { display: flex; flex-direction: column; min-height: 0; border-top: 1px solid var(--line); }
.findings { list-style: none; margin: 0; padding: 10px 10px 2px; display: grid; gap: 6px; flex: none; max-height: 30vh; overflow-y: auto; }
.findings:empty { display: none; }
.findings button { display: block; width: 100%; padding: 8px 10px 8px 12px; border-radius: 8px; border: 1px solid var(--warn-line); background: var(--warn-paper); line-height: 1.4; overflow-wrap: anywhere; }
.findings button::before { content: '●'; font-size: 9px; vertical-align: 1.5px; margin-right: 7px; color: var(--warn); }
.findings button[data-severity='bad'] { border-color: var(--bad-line); background: var(--bad-paper); }
.findings button[data-severity='bad']::before { color: var(--bad); }
.empty { margin: 0; padding: 22px 16px; color: var(--faint); }
.stages { list-style: none; margin: 0; padding: 6px 8px; overflow-y: auto; overscroll-behavior: contain; min-height: 0; }
.stages > li { display: flex; align-items: stretch; }
.graph { position: relative; flex: none; }
.lanes { position: absolute; inset: 0; height: 100%; overflow: visible; }
.lines { fill: none; stroke: var(--lane); stroke-width: 1.5; }
.mark { fill: var(--mark); stroke: var(--paper); stroke-width: 2; }
li[data-kind='stock'] .mark { fill: var(--paper); stroke: var(--lane); stroke-width: 1.5; }
li[data-kind='subscriber'] .mark { fill: var(--ink); }
li[data-state='complete'] .mark, li[data-state='left'] .mark { fill: var(--lane); }
li[data-severity='warn'] .mark { fill: var(--warn); }
li[data-severity='bad'] .mark { fill: var(--bad); stroke: var(--bad-paper); }
.body { flex: 1; min-width: 0; }
.stage { display: grid; grid-template-columns: minmax(0, 1fr) 62px 62px; align-items: center; column-gap: 8px; width: 100%; min-height: 40px; padding: 8px 8px 7px; border-radius: 8px; align-content: start; }
.stage:hover { background: var(--hover); }
.name { font-weight: 550; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
li[data-kind='stock'] .name { font-weight: 400; color: var(--faint); }
li[data-kind='stock'][data-severity='good'] .bar { visibility: hidden; }
li[data-severity='warn'] .name { color: var(--warn); }
li[data-severity='bad'] .name { color: var(--bad); }
.rate, .latency { font-variant-numeric: tabular-nums; font-size: 12px; text-align: right; white-space: nowrap; color: var(--soft); }
.latency { color: var(--faint); }
.bar { grid-column: 1 / -1; height: 3px; margin-top: 3px; border-radius: 2px; background: var(--line); overflow: hidden; }
.load { display: block; height: 100%; border-radius: 2px; background: var(--load); transition: width 0.3s; }
li[data-severity='warn'] .load { background: var(--warn); }
li[data-severity='bad'] .load { background: var(--bad); }
.chips { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: 4px; margin-top: 5px; }
.chips:empty { display: none; }
.chip { padding: 0 7px; border-radius: 9px; background: var(--raised); border: 1px solid var(--line); color: var(--soft); font-size: 11px; line-height: 17px; font-variant-numeric: tabular-nums; }
.details { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 3px 12px; margin: 2px 8px 10px; padding: 8px 10px; border-radius: 8px; background: var(--raised); font-size: 12px; }
.details dt { color: var(--faint); }
.details dd { margin: 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
footer { display: flex; align-items: center; gap: 10px; flex: none; padding: 8px 14px; border-top: 1px solid var(--line); color: var(--faint); font-size: 12px; font-variant-numeric: tabular-nums; }
footer span:first-child { min-width: 44px; }
.memory { flex: 1; min-width: 0; height: 16px; fill: none; stroke: var(--load); stroke-width: 1.5; vector-effect: non-scaling-stroke; }
.memory polyline { vector-effect: non-scaling-stroke; stroke-linejoin: round; }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 600px) {
  :host([data-placement='above']) { left: 0; right: 0; bottom: 0; width: auto; }
  :host([data-placement='above']) .panel { max-height: 72vh; border-radius: 14px 14px 0 0; border-width: 1px 0 0; }
  .toggle { min-height: 48px; }
  .stage { min-height: 44px; }
}
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
@media (forced-colors: active) { .mark, .load { forced-color-adjust: none; } }
`;

let made: CSSStyleSheet | null = null;

/** The style sheet that all overlays share. A constructed one needs no permission by a page's policy, as an element would. */
export function stylesheet(): CSSStyleSheet {
  if (!made) {
    made = new CSSStyleSheet();
    made.replaceSync(RULES);
  }
  return made;
}

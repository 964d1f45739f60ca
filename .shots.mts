import { launchBrowser } from './scripts/launch-browser';
const browser = await launchBrowser();
const only = process.argv[2];
const base = 'http://127.0.0.1:8123/rxtensor/';
const shots: [string, string, number, number, string, ((p: any) => Promise<void>)?][] = [
  ['front-light', 'index.html', 1366, 800, 'light'],
  ['front-dark', 'index.html', 1366, 800, 'dark'],
  ['front-run', 'index.html', 1366, 1600, 'light', async (p) => { await p.click('.runnable-run'); await p.waitForFunction(() => document.querySelector('.runnable-output')?.textContent?.includes('y ='), { timeout: 60000 }); }],
  ['tutorial-run', 'tutorials/beginners.html', 1366, 1800, 'dark', async (p) => { await p.evaluate(() => (document.querySelectorAll('.runnable-run')[0] as any).click()); await p.waitForFunction(() => document.querySelector('.runnable-output'), { timeout: 60000 }); }],
  ['front-phone', 'index.html', 390, 844, 'light'],
  ['tutorial-phone', 'tutorials/beginners.html', 390, 844, 'dark', async (p) => { await p.evaluate(() => window.scrollTo(0, 900)); }],
  ['search', 'streams.html', 1366, 800, 'light', async (p) => { await p.click('#local-search button'); await p.waitForSelector('.search-input'); await p.type('.search-input', 'early stopping'); await new Promise((r) => setTimeout(r, 3000)); }],
  ['examples', 'examples.html', 1366, 800, 'dark'],
  ['fromtf', 'from-tensorflow.html', 1366, 800, 'light', async (p) => { await p.evaluate(() => document.getElementById('every-name-that-is-not-here')!.scrollIntoView()); }],
];
for (const [name, path, width, height, theme, act] of shots) {
  if (only && !name.includes(only)) continue;
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on('pageerror', (e: any) => problems.push(String(e))); page.on('console', (m: any) => { if (['error', 'warn'].includes(m.type())) problems.push(m.text()); });
  page.on('requestfailed', (q: any) => problems.push('failed ' + q.url())); page.on('response', (q: any) => { if (q.status() >= 400) problems.push(q.status() + ' ' + q.url()); });
  await page.setViewport({ width, height });
  await page.evaluateOnNewDocument((t: string) => localStorage.setItem('vitepress-theme-appearance', t), theme);
  await page.goto(base + path, { waitUntil: 'networkidle0', timeout: 120000 });
  try { if (act) await act(page); } catch (e) { problems.push(String(e)); }
  await new Promise((r) => setTimeout(r, 400));
  await page.screenshot({ path: `/tmp/w/scratch-site/${name}.png` });
  console.log(name, await page.evaluate(() => document.documentElement.scrollWidth), problems);
  await page.close();
}
await browser.close();

// What the pages weigh on the wire, and when they are first painted.
import { readersToken } from './api.mjs';
import { browse, expect, page, signIn, TURNO } from './browser.mjs';

const BYTES_MAX = 200_000;

await browse(async (browser) => {
  const token = await readersToken();
  for (const [name, address, shown] of [
    ['wall', `wall#token=${token}`, '.wall'],
    ['console', 'console', '.console'],
  ]) {
    const { page: opened, context } = await page(browser, { width: 1920, height: 1080 });
    await opened.goto(`${TURNO}/${address}`);
    if (name === 'console') await signIn(opened);
    await opened.waitForSelector(shown);
    const { bytes, files, paint } = await opened.evaluate(() => {
      const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
      // The pages alone: answers of the API go on for ever.
      const parts = all.filter((one) => !one.name.includes('/api/'));
      const first = performance.getEntriesByName('first-contentful-paint')[0];
      return { bytes: parts.reduce((sum, one) => sum + one.encodedBodySize, 0), files: parts.length, paint: first?.startTime ?? NaN };
    });
    console.log(`${name}: ${(bytes / 1_000).toFixed(1)} kB compressed in ${files} files, first paint after ${Math.round(paint)} ms`);
    expect(bytes > 1_000 && bytes < BYTES_MAX, `the ${name} weighs ${bytes} bytes`);
    await context.close();
  }
});
console.log(process.exitCode ? 'BAD' : 'GOOD');
